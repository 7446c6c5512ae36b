// Ends a job on its owner's word: what ran so far can be read until it is reaped.
import { endJob } from '../../lib/jobs/endJob';
import { isTerminal } from '../../lib/jobs/jobState';
import type { Call } from '../../lib/kube/kube';
import type { KubeObject } from '../../lib/kube/objects';
import type { Context } from './context';
import type { Sought } from './find';
import { findJobOrRecord, isRecorded } from './record';

/** Undefined when it went meanwhile; what is over stays as it is. */
export async function cancelJob(context: Context, sought: Sought, call: Call): Promise<KubeObject | undefined> {
  const found = await findJobOrRecord(context, sought, call);
  if (isRecorded(found)) return found.record.job;
  return isTerminal(found) ? found : endJob(context.kube, { job: found, why: 'cancelled' }, call);
}
