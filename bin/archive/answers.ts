// What the commands read from the answers of the archive API. Pure.
import * as z from 'zod';

const progress = z.looseObject({
  phase: z.string().default(''),
  files: z.number().default(0),
  bytes: z.number().default(0),
  totalFiles: z.number().default(0),
  totalBytes: z.number().default(0),
  rate: z.number().default(0),
});

export const archiveAnswer = z.looseObject({
  id: z.string(),
  claim: z.string(),
  user: z.string(),
  phase: z.string(),
  hold: z.boolean().default(false),
  archivedAt: z.string().optional(),
  files: z.number().optional(),
  bytes: z.number().optional(),
  verifiedAt: z.string().optional(),
  drilledAt: z.string().optional(),
  last: z
    .looseObject({
      verb: z.string(),
      outcome: z.string(),
      reason: z.string().optional(),
      message: z.string().optional(),
      claim: z.string().optional(),
    })
    .optional(),
  operation: z
    .looseObject({ verb: z.string(), phase: z.string(), message: z.string(), progress: progress.optional() })
    .optional(),
});

export const listAnswer = z.array(archiveAnswer);

export const releaseAnswer = z.looseObject({
  claim: z.string(),
  phase: z.string(),
  archive: z.string().optional(),
  keptUntil: z.string().optional(),
  trouble: z.string().optional(),
});

export const releasesAnswer = z.array(releaseAnswer);

export type Archive = z.infer<typeof archiveAnswer>;
export type Release = z.infer<typeof releaseAnswer>;
export type Progress = z.infer<typeof progress>;
