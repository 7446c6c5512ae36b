// Something that is done with an archive or a repository by a mover, from the moment it was asked for. Pure.
import { randomBytes } from 'node:crypto';
import * as z from 'zod';

export const VERBS = ['backup', 'verify', 'restore', 'drill', 'serve', 'delete', 'rotate'] as const;
export type Verb = (typeof VERBS)[number];

const targetSchema = z.object({
  claim: z.string(),
  size: z.string(),
  storageClass: z.string().optional(),
  accessModes: z.array(z.string()),
  /** Removed whatever comes of it. */
  isScratch: z.boolean(),
  /** Uid of the claim that somebody has made to be filled; absent where it is made for the restore. */
  wish: z.string().optional(),
});

export const operationSchema = z.object({
  id: z.string(),
  verb: z.enum(VERBS),
  /** ISO time; who asked first has his turn first. */
  askedAt: z.string(),
  /** Inside of the snapshot; all of it when absent. */
  path: z.string().optional(),
  target: targetSchema.optional(),
  /** Fewer files than this are taken for a loss. */
  minFiles: z.int().optional(),
});

export type Operation = z.infer<typeof operationSchema>;
export type Target = z.infer<typeof targetSchema>;

export function newOperation(verb: Verb, now: Date, more: Omit<Partial<Operation>, 'verb'> = {}): Operation {
  return { id: randomBytes(6).toString('hex'), verb, askedAt: now.toISOString(), ...more };
}
