// Follows a Slurm job over an open connection: opens the way to its node when it runs, closes it when it ends.
import { setTimeout as sleep } from 'node:timers/promises';
import { globMatcher } from '../../../lib/glob';
import { nodeMatcher } from '../hostName';
import { isOfAnother, type JobRecord } from '../record';
import { exitCommand, lookCommand } from '../slurm/commands';
import { isEnded, isRunning, NOT_ALLOWED, readExit, readSqueue, type JobSight, type OwnedSight } from '../slurm/sight';
import { forwardArguments, sharedArguments, type Forward, type SshPlace } from '../ssh/arguments';
import { failureOf, type Failure } from '../ssh/failure';
import { runSsh, type Ran } from '../ssh/run';
import type { Connection } from './connection';
import type { TunnelState } from './state';

export interface Following {
  readonly job: JobRecord;
  /** Whose user job it is. */
  readonly credential: string;
  readonly place: SshPlace;
  readonly connection: Connection;
  readonly forwards: (node: string) => readonly Forward[];
  readonly tell: (state: TunnelState) => void;
  readonly signal: AbortSignal;
}

const COMMAND_LIMIT_MS = 30_000;
const FORGOTTEN = /Invalid job id/i;

/** The reason when the connection is lost, `over` when the job has ended. */
export async function followJob(following: Following): Promise<Failure | 'over'> {
  const { job, connection, tell } = following;
  for (let openTo: string | undefined; ;) {
    const sight = await look(following);
    openTo = await adjust(following, sight, openTo);
    const lost = await Promise.race([connection.closed, Promise.resolve()]);
    if (lost !== undefined) return lost;
    tell(stateOf(following, sight, openTo));
    if (isEnded(sight)) return 'over';
    const lostLater = await Promise.race([connection.closed, sleep(job.pollSeconds * 1000, undefined)]);
    if (lostLater !== undefined) return lostLater;
  }
}

/** Opens, moves or closes the forwards; answers the node that they lead to. */
async function adjust(following: Following, sight: JobSight, openTo: string | undefined): Promise<string | undefined> {
  const { job } = following;
  const { node } = sight;
  const wanted = isRunning(sight) && node !== undefined && nodeMatcher(job.nodes)(node) ? node : undefined;
  // Nobody could be asked: what is open stays.
  if (wanted === openTo || sight.state === 'UNREADABLE') return openTo;
  if (openTo !== undefined) await changeForwards(following, 'cancel', openTo);
  if (wanted === undefined) return undefined;
  const { code, said } = await changeForwards(following, 'forward', wanted);
  if (code === 0) return wanted;
  following.tell({ phase: 'connecting', ...failureOf(said, FORWARD_FAILED), job: sight });
  return undefined;
}

const FORWARD_FAILED: Failure = { reason: 'CommandFailed', message: 'The ports could not be forwarded.' };

async function changeForwards(following: Following, operation: 'forward' | 'cancel', node: string): Promise<Ran> {
  const { place, connection, forwards } = following;
  return run(following, forwardArguments(place, connection.socket, { operation, forwards: forwards(node) }));
}

async function look(following: Following): Promise<JobSight> {
  const id = following.job.id ?? 0;
  const ran = await ask(following, lookCommand(following.job, id));
  const owned = ran.code === 0 ? readSqueue(ran.output) : undefined;
  if (owned !== undefined) return mayFollow(following, owned) ? withExit(following, owned.sight) : NOT_ALLOWED;
  const reason = ran.said.trim().split('\n').at(-1) ?? '';
  const isForgotten = FORGOTTEN.test(reason) || (ran.code === 0 && ran.output.trim() === '');
  return isForgotten ? { state: 'UNKNOWN', reason: 'Slurm has forgotten it' } : { state: 'UNREADABLE', reason };
}

/** Ours, or of a user whom the configuration names, and of no other credential: else its state alone would tell too much. */
function mayFollow({ job, credential, place }: Following, { user, name }: OwnedSight): boolean {
  return job.isOurs || (globMatcher(job.users ?? [place.login.user])(user) && !isOfAnother(credential, name));
}

async function withExit(following: Following, sight: JobSight): Promise<JobSight> {
  if (!isEnded(sight)) return sight;
  const { code, output } = await ask(following, exitCommand(following.job, following.job.id ?? 0));
  return { ...sight, ...(code === 0 && readExit(output)) };
}

async function ask(following: Following, command: readonly string[]): Promise<Ran> {
  const { place, connection } = following;
  return run(following, sharedArguments(place, connection.socket, command));
}

async function run({ signal }: Following, args: readonly string[]): Promise<Ran> {
  return runSsh(args, { signal: AbortSignal.any([signal, AbortSignal.timeout(COMMAND_LIMIT_MS)]) });
}

function stateOf({ job }: Following, sight: JobSight, openTo: string | undefined): TunnelState {
  const called = `Job ${job.id ?? ''}`;
  const why = sight.reason === undefined ? '' : `: ${sight.reason}`;
  if (openTo !== undefined)
    return { phase: 'open', message: `${called} runs on ${openTo}; the tunnel is open.`, job: sight };
  if (sight === NOT_ALLOWED)
    return { phase: 'over', reason: 'JobNotAllowed', message: `${called} is not one that may be attached to.` };
  if (isEnded(sight))
    return { phase: 'over', reason: 'JobEnded', message: `${called} is ${sight.state}${why}.`, job: sight };
  if (isRunning(sight) && sight.node !== undefined) {
    const message = `${called} runs on ${sight.node}, which the configuration does not let anybody reach.`;
    return { phase: 'waiting', reason: 'NodeNotAllowed', message, job: sight };
  }
  return { phase: 'waiting', reason: 'JobPending', message: `${called} is ${sight.state}${why}.`, job: sight };
}
