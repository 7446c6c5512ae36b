// What the commands read from the answers of the jobs API, and what it says about the state of a job. Pure.
import * as z from 'zod';

const condition = z.object({ type: z.string(), status: z.string() });

/** As Kubernetes has it: enough to tell what is over, without a look at pods. */
const status = z.looseObject({
  active: z.number().nullish(),
  ready: z.number().nullish(),
  conditions: z.array(condition).nullish(),
});

const state = z.object({
  phase: z.string(),
  reason: z.string().optional(),
  message: z.string().default(''),
  exitCode: z.number().optional(),
  attempts: z.number().default(0),
});

export const jobAnswer = z.looseObject({
  metadata: z.looseObject({
    name: z.string(),
    labels: z.record(z.string(), z.string()).default({}),
    creation_timestamp: z.string().optional(),
  }),
  status: status.nullish(),
  state: state.optional(),
});

export const listAnswer = z.array(
  z.looseObject({
    job: z.string(),
    ...status.shape,
    start_time: z.string().nullish(),
    state: state.partial().optional(),
  }),
);

export type Job = z.infer<typeof jobAnswer>;
export type ListedJob = z.infer<typeof listAnswer>[number];
export type JobState = z.infer<typeof state>;
/** `held`: it is not allowed to run (any more), only a look at it tells why. */
export type Glimpse = 'waiting' | 'held' | 'running' | 'succeeded' | 'failed';

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

/** From the status alone: one list request tells it for all jobs. */
export function glimpseOf({ active, ready, conditions }: z.infer<typeof status>): Glimpse {
  const holds = (type: string): boolean =>
    conditions?.some((each) => each.type === type && each.status === 'True') ?? false;
  if (holds('Complete')) return 'succeeded';
  if (holds('Failed') || holds('FailureTarget')) return 'failed';
  if (holds('Suspended')) return 'held';
  return (active ?? 0) > 0 && (ready ?? 0) > 0 ? 'running' : 'waiting';
}
