// What the commands read from the answers of the jobs API. Pure.
import * as z from 'zod';

const state = z.object({
  phase: z.string(),
  reason: z.string().optional(),
  message: z.string().default(''),
  exitCode: z.number().optional(),
  attempts: z.number().default(0),
  /** Of a set. */
  stages: z
    .array(
      z.object({ name: z.string(), phase: z.string(), reason: z.string().optional(), message: z.string().default('') }),
    )
    .optional(),
});

export const jobAnswer = z.looseObject({
  metadata: z.looseObject({
    name: z.string(),
    labels: z.record(z.string(), z.string()).default({}),
    creation_timestamp: z.string().optional(),
  }),
  state: state.optional(),
});

/** With a phase, since it is asked for by `state`. */
export const listAnswer = z.array(
  z.looseObject({ job: z.string(), phase: z.string(), start_time: z.string().nullish() }),
);

export type Job = z.infer<typeof jobAnswer>;
export type ListedJob = z.infer<typeof listAnswer>[number];
export type JobState = z.infer<typeof state>;
const OVER = new Set(['succeeded', 'failed', 'cancelled']);

export function isOver({ phase }: Pick<JobState, 'phase'>): boolean {
  return OVER.has(phase);
}

/** Absent only where the service is older than this client. */
export function stateOf({ metadata, state: told }: Job): JobState {
  if (told !== undefined) return told;
  throw new Error(`the service tells no state of job ${metadata.name}: is it of another version?`);
}

/** Of the command, as a shell tells it: 1 where it has none of its own. */
export function exitCodeOf({ phase, exitCode }: JobState): number {
  return phase === 'succeeded' ? 0 : exitCode || 1;
}
