// Values of a query string, which are all text.
import * as z from 'zod';

/** `?follow`, `?follow=true`. */
export const flagText = z
  .enum(['true', 'false', '1', '0', ''])
  .transform((text) => text === 'true' || text === '1' || text === '');

/** Digits alone: an empty one would be read as 0, and answered with nothing. */
export const countText = z
  .string()
  .regex(/^\d{1,8}$/, 'is not a number')
  .transform(Number);

/** A time back from now: Kubernetes refuses one of no length. */
export const secondsText = countText.refine((seconds) => seconds > 0, 'is not a number above 0');
