// A set with its Jobs and pods, as they are in the cluster now.
import type { JobSet } from '../../../lib/jobSets/jobSet';
import { readStages, type ReadStages } from '../../../lib/jobSets/readSet';
import type { Call } from '../../../lib/kube/kube';
import type { Context } from '../context';

export interface Looked {
  readonly set: JobSet;
  readonly jobs: ReadStages;
}

export async function lookAtSet({ kube, settings }: Context, set: JobSet, call: Call): Promise<Looked> {
  return { set, jobs: await readStages({ kube, namespace: settings.namespace }, set, call) };
}
