// What Slurm says of a job: read from one line of squeue, or of sacct when squeue has forgotten it. Pure.

export interface JobSight {
  /** As Slurm spells it: PENDING, RUNNING, COMPLETED, FAILED, ... */
  readonly state: string;
  /** Why it waits or ended; absent when Slurm says None. */
  readonly reason?: string;
  /** Where it runs; its first node when it has several. */
  readonly node?: string;
  readonly exitCode?: number;
}

/** Neither has nodes to reach nor will again get any. */
const ENDED = new Set([
  'BOOT_FAIL',
  'CANCELLED',
  'COMPLETED',
  'DEADLINE',
  'FAILED',
  'NODE_FAIL',
  'NOT_ALLOWED',
  'OUT_OF_MEMORY',
  'PREEMPTED',
  'REVOKED',
  'TIMEOUT',
  'UNKNOWN',
]);

export function isEnded({ state }: JobSight): boolean {
  return ENDED.has(state);
}

/** Only then is somebody there who could answer. */
export function isRunning({ state }: JobSight): boolean {
  return state === 'RUNNING';
}

const NOTHING = new Set(['', 'None', 'none', '(null)', 'n/a', 'N/A']);

/** Instead of how it is, of a job that nobody here is to know of. */
export const NOT_ALLOWED: JobSight = { state: 'NOT_ALLOWED' };

export interface OwnedSight {
  /** Of Slurm. */
  readonly user: string;
  /** What it is called. */
  readonly name: string;
  readonly sight: JobSight;
}

/** A line of `%T:%B:%u:%r:%j`; the reason may hold anything, and a name that we have given has no colon. */
export function readSqueue(output: string): OwnedSight | undefined {
  const [line = ''] = output.trim().split('\n');
  const parts = /^([A-Z_]+):([^:]*):([^:]*):(.*):([^:]*)$/.exec(line.trim()) ?? [];
  const [, state, node = '', user = '', reason = '', name = ''] = parts;
  if (state === undefined) return undefined;
  const sight = { state, ...(!NOTHING.has(reason) && { reason }), ...(!NOTHING.has(node) && { node }) };
  return { user, name, sight };
}

/** `COMPLETED|0:0|node1` of sacct, or ` JobState=FAILED ... ExitCode=3:0 ` of scontrol. */
export function readExit(output: string): { readonly exitCode: number } | undefined {
  const [, code] = /(?:^|\s)ExitCode=(\d+):\d+(?=\s|$)/.exec(output) ?? [];
  return code === undefined ? undefined : { exitCode: Number(code) };
}

/** The number that `sbatch --parsable` tells: `17` or `17;cluster`. */
export function readSubmitted(output: string): number | undefined {
  const [, id] = /^(\d{1,10})(?:;\S+)?\s*$/.exec(output.trim().split('\n').at(-1) ?? '') ?? [];
  return id === undefined ? undefined : Number(id);
}

/** Numbers of jobs, one a line, as `squeue --format=%i` or sacct list them. */
export function readNumbers(output: string): readonly number[] {
  return output.split('\n').flatMap((line) => (/^\d{1,10}$/.test(line.trim()) ? [Number(line.trim())] : []));
}
