// User jobs as their callers get them: the three keys of the contract, and of a Slurm job how it is. Pure.
import type { UserJob } from './record';
import type { State } from './readState';

export function userJobObject({ record }: UserJob): object {
  const { service, hostname, targetNode } = record;
  return { service, hostname, target_node: targetNode };
}

export function statusObject({ record }: UserJob, { job, ...status }: State): object {
  return { ...status, ...(record.job !== undefined && { job: { id: record.job.id, ...job } }) };
}
