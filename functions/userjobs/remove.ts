// Ends a user job: its job in Slurm first, when it is ours, then its anchor, and Kubernetes removes tunnel and Service.
import type { Call } from '../../lib/kube/kube';
import type { Context } from './context';
import { findUserJob, removeUserJob, type Sought } from './userJobs';

/** False when there was none. */
export async function endUserJob(context: Context, sought: Sought, call: Call): Promise<boolean> {
  const userJob = await findUserJob(context, sought, call);
  if (userJob === undefined) return false;
  await removeUserJob(context, userJob, call);
  return true;
}
