// What the function is told at start.
import * as z from 'zod';
import { clusterVariables, serverVariables } from '../../lib/config/environment';

export const environmentSchema = z.object({
  ...serverVariables,
  ...clusterVariables,
  /** More than any other function takes: an event that was too large for them must find its end here. */
  BODY_LIMIT_BYTES: z.coerce
    .number()
    .int()
    .positive()
    .default(16 * 1024 * 1024),
  /** The newest records that stay. */
  DEAD_LETTERS_KEPT: z.coerce.number().int().min(1).max(500).default(100),
});
