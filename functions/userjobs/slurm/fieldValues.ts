// The values of a job's fields, wherever they come from: a request, or the operator's defaults. Pure.
import * as z from 'zod';
import { FIELD_NAMES, FIELDS, type FieldName } from './fields';

type Values = Readonly<Record<FieldName, z.ZodOptional<z.ZodType<string>>>>;

export const FIELD_VALUES = Object.fromEntries(
  FIELD_NAMES.map((name) => [
    name,
    z
      .union([z.string(), z.int()])
      .transform(String)
      .refine((text) => FIELDS[name].pattern.test(text), 'has a form that is not allowed')
      .optional(),
  ]),
) as unknown as Values;
