// A set as its callers get it, read from the cluster as it is now.
import type { JobSet } from '../../../lib/jobSets/jobSet';
import { setObject } from '../../../lib/jobSets/setObject';
import { setState } from '../../../lib/jobSets/setState';
import type { Call } from '../../../lib/kube/kube';
import type { KubeObject } from '../../../lib/kube/objects';
import type { Context } from '../context';
import { jobObject } from '../view';
import { lookAtSet, type Looked } from './look';
import { readSetState } from './readSetState';

export async function viewSet(context: Context, set: JobSet, call: Call): Promise<object> {
  const looked = await lookAtSet(context, set, call);
  const state = await readSetState(context, looked, call);
  return { ...jobObject(objectOf(looked)), state };
}

export function objectOf({ set, jobs }: Looked): KubeObject {
  return setObject(set, setState({ set, jobs }));
}
