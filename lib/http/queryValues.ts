// Values of a query string, which are all text.
import * as z from 'zod';

/** `?follow`, `?follow=true`. */
export const flagText = z
  .enum(['true', 'false', '1', '0', ''])
  .transform((text) => text === 'true' || text === '1' || text === '');

export const countText = z.coerce.number().int().min(0).max(10_000_000);
