// Whose job a request may attach to, as far as we know ourselves; whose it is in Slurm the tunnel asks there.
import type { Call } from '../../lib/kube/kube';
import type { Host } from './configFile';
import type { Context } from './context';
import type { UserJob } from './record';
import { invalid } from './schema';
import type { JobRequest } from './slurm/schema';
import { listUserJobs } from './userJobs';

interface Attaching {
  readonly credential: string;
  readonly host: Host;
  readonly job: JobRequest | undefined;
}

/** All credentials submit as one user of Slurm, so what was submitted here for another one is refused here. */
export async function refuseForeign(context: Context, attaching: Attaching, call: Call): Promise<void> {
  const { credential, host, job } = attaching;
  if (job === undefined || !('attach' in job)) return;
  const isForeign = ({ record }: UserJob): boolean =>
    record.credential !== credential &&
    record.job?.isOurs === true &&
    record.job.id === job.attach &&
    record.login.address === host.address &&
    record.login.port === host.port;
  const userJobs = await listUserJobs(context, undefined, call);
  if (userJobs.some(isForeign)) throw invalid({ job: [`Job ${job.attach} is not one that may be attached to.`] });
}
