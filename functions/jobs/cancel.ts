// Ends a job or a set on its owner's word: what ran so far can be read until it is reaped.
import { endJob } from '../../lib/jobs/endJob';
import { isTerminal } from '../../lib/jobs/jobState';
import type { Call } from '../../lib/kube/kube';
import type { KubeObject } from '../../lib/kube/objects';
import type { Context } from './context';
import type { Sought } from './find';
import { findAny, isRecorded, isSet } from './record';
import { cancelSet } from './sets/cancel';
import { lookAtSet } from './sets/look';
import { objectOf } from './sets/view';

/** As its caller gets it; undefined when it went meanwhile. What is over stays as it is. */
export async function cancel(context: Context, sought: Sought, call: Call): Promise<KubeObject | undefined> {
  const found = await findAny(context, sought, call);
  if (isRecorded(found)) return found.record.job;
  if (!isSet(found)) return isTerminal(found) ? found : endJob(context.kube, { job: found, why: 'cancelled' }, call);
  const set = await cancelSet(context, found, call);
  return set && objectOf(await lookAtSet(context, set, call));
}
