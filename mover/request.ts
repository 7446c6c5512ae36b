// What a mover is asked for: the request as its one variable holds it, checked before anything is touched. Pure.
import * as z from 'zod';

const MAX_TAG = 128;
const tagText = z.string().regex(/^[^,\s=]+$/, 'has no comma, blank or equals sign');
const count = z.number().int().min(0);

/** Relative to the claim's root; without steps that lead out of it. */
const pathSchema = z
  .string()
  .min(1)
  .max(4096)
  .refine((path) => !path.includes('\0'), 'holds no zero byte')
  .refine((path) => !path.split('/').includes('..'), 'does not lead out of the claim')
  .transform((path) =>
    path
      .split('/')
      .filter((step) => step !== '' && step !== '.')
      .join('/'),
  );

export const requestSchema = z.strictObject({
  verb: z.enum(['backup', 'verify', 'restore', 'drill', 'forget', 'rotate', 'serve', 'list', 'delete']),
  user: z.string().min(1).max(256),
  /** Snapshots of different claims in one repository are kept apart by it. */
  claim: z.string().min(1).max(253),
  /**
   * `hold` keeps a snapshot from being forgotten; `allowShrink` and `allowChanges` lift a refusal of backup. Of what has the
   * same `archive`, a backup leaves only its own snapshot, and a delete none.
   */
  tags: z
    .record(
      tagText.max(64),
      z
        .string()
        .max(MAX_TAG)
        .regex(/^[^,]*$/, 'has no comma'),
    )
    .default({}),
  /** Hexadecimal, at least 8 digits; `latest` when absent. */
  snapshot: z
    .union([z.literal('latest'), z.string().regex(/^[0-9a-f]{8,64}$/, 'is the id of a snapshot')])
    .default('latest'),
  path: pathSchema.optional(),
  keep: z
    .strictObject({ last: count, daily: count, weekly: count, monthly: count, yearly: count })
    .partial()
    .default({}),
  sourceExpected: z.strictObject({ minFiles: count.optional() }).default({}),
  /** Share of the files that a drill compares, 1 for all. */
  drillSample: z.number().gt(0).max(1).default(1),
  /** What the snapshot's tree was when it was made: another one is a DigestMismatch. */
  treeDigest: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .optional(),
  /** Host names (of pods) that are known to run no more: their locks count for nothing. */
  deadHolders: z.array(z.string().min(1).max(253)).max(100).default([]),
});

export type Request = z.infer<typeof requestSchema>;
