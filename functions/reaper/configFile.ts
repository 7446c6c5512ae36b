// Section `reaper` of the operator's config.json: what is kept for how long, and whether anything is removed at all.
import * as z from 'zod';

const seconds = z.number().min(0);
const count = z.int().min(0);

/** A job goes when its end is longer ago, or when that many newer ones of its kind have ended. */
const rule = z.strictObject({ age_seconds: seconds, count });

const HOUR = 3600;
const DAY = 24 * HOUR;
const KIBIBYTE = 1024;

const partialRules = {
  success: rule.partial().optional(),
  failure: rule.partial().optional(),
  cancelled: rule.partial().optional(),
};

function ruleOf(age_seconds: number, most: number) {
  return z.strictObject({ age_seconds: seconds.default(age_seconds), count: count.default(most) }).prefault({});
}

const capture = z.strictObject({
  /** Of the compressed logs of one job; the newest part of longer ones is kept. A ConfigMap holds 1 MiB. */
  limit_bytes: z
    .int()
    .min(64 * KIBIBYTE)
    .max(960 * KIBIBYTE)
    .default(512 * KIBIBYTE),
  /** After the end of a job: a log that could not be read by then is recorded as lost. */
  deadline_seconds: seconds.default(HOUR),
  /** A mounted claim; logs go there as files, whole, in place of the cluster. */
  folder: z.string().min(1).optional(),
});

export const reaperKey = z.strictObject({
  dry_run: z.boolean().default(true),
  /** A start or a submission that is not complete by then is given up; longer than the longest request. */
  start_deadline_seconds: z.number().min(60).default(120),
  ended_retention_seconds: seconds.default(HOUR),
  jobs: z
    .strictObject({
      success: ruleOf(HOUR, 100),
      failure: ruleOf(DAY, 100),
      cancelled: ruleOf(HOUR, 20),
      profiles: z.record(z.string(), z.strictObject(partialRules)).default({}),
    })
    .prefault({}),
  capture: capture.prefault({}),
  /** Per credential. */
  records: z.strictObject({ age_seconds: seconds.default(30 * DAY), count: count.default(1000) }).prefault({}),
  /** What belongs to something that is gone: first Kubernetes' own garbage collector has its turn. */
  orphan_grace_seconds: seconds.default(600),
});

export type ReaperConfig = Readonly<z.infer<typeof reaperKey>>;
export type Rule = Readonly<z.infer<typeof rule>>;
export type JobRules = ReaperConfig['jobs'];
