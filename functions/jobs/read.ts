// GET /jobs/{id}: a job or a set as it is, or as it was when it was recorded.
import { readJobPods } from '../../lib/jobs/readJobPods';
import type { Call } from '../../lib/kube/kube';
import type { Context } from './context';
import type { Sought } from './find';
import { findAny, isRecorded, isSet } from './record';
import { lookAtSet } from './sets/look';
import { objectOf, viewSet } from './sets/view';
import { readState } from './state/readState';
import { jobObject, statusObject } from './view';

export async function readWithState(context: Context, sought: Sought, call: Call): Promise<object> {
  const found = await findAny(context, sought, call);
  if (isRecorded(found)) {
    const { isOver: _over, ...state } = found.record.state;
    return { ...jobObject(found.record.job), state };
  }
  if (isSet(found)) return viewSet(context, found, call);
  const pods = await readJobPods(context.kube, found, call);
  return { ...jobObject(found), state: await readState(context, { job: found, pods }, call) };
}

export async function readStatus(context: Context, sought: Sought, call: Call): Promise<object> {
  const found = await findAny(context, sought, call);
  if (isRecorded(found)) return statusObject(found.record.job['status']);
  if (isSet(found)) return statusObject(objectOf(await lookAtSet(context, found, call))['status']);
  return statusObject(found['status']);
}
