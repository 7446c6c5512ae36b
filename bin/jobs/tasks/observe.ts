// What has become of the jobs of a run: one list for all of them, and a closer look at those that it does not explain.
import { isOver, stateOf, type JobState, type ListedJob } from '../api/answers';
import type { JobsClient } from '../api/client';
import { mapSome } from '../mapSome';
import type { Progress, States } from './plan';

export async function observe(client: JobsClient, label: string, states: States): Promise<States> {
  const active = [...states].filter(([, { state }]) => state === 'submitted' || state === 'running');
  if (active.length === 0) return states;
  const listed = new Map((await client.list({ state: 'all', label })).map((job) => [job.job, job]));
  const seen = await mapSome(active, async ([name, before]): Promise<readonly [string, Progress]> => {
    const { id = '' } = before;
    return [name, atGlance(before, listed.get(id)) ?? (await lookedAt(client, id))];
  });
  return new Map([...states, ...seen]);
}

/** Undefined when the list does not tell it, or not why. */
function atGlance(before: Progress, job: ListedJob | undefined): Progress | undefined {
  if (job === undefined) return undefined;
  const { phase } = job;
  if (phase === 'succeeded') return { ...before, state: 'done' };
  if (phase === 'running') return { ...before, state: 'running' };
  // A job whose pod has just ended, or that tries again, has begun all the same.
  return isOver(job) ? undefined : before;
}

async function lookedAt(client: JobsClient, id: string): Promise<Progress> {
  const job = await client.find(id);
  if (job === undefined) return { state: 'failed', id, reason: 'its job was deleted' };
  return progressOf(id, stateOf(job));
}

export function progressOf(id: string, state: JobState): Progress {
  if (state.phase === 'succeeded') return { state: 'done', id };
  if (isOver(state)) return { state: 'failed', id, reason: state.message };
  return { state: state.phase === 'running' ? 'running' : 'submitted', id };
}
