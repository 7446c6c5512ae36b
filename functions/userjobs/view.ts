// User jobs as their callers get them: the three keys of the contract, and of a Slurm job how it is. Pure.
import type { UserJob } from './record';
import type { State } from './readState';

export function userJobObject({ record }: UserJob): object {
  const { service, hostname, targetNode } = record;
  return { service, hostname, target_node: targetNode };
}

/** Of a user job with a job. */
export function userJobWithState(userJob: UserJob, { job, ...status }: State): object {
  return { ...userJobObject(userJob), job: jobObject(userJob, job), status };
}

export function statusObject(userJob: UserJob, { job, ...status }: State): object {
  return { ...status, ...(userJob.record.job !== undefined && { job: jobObject(userJob, job) }) };
}

function jobObject({ record }: UserJob, sight: State['job']): object {
  return { id: record.job?.id ?? null, ...sight };
}
