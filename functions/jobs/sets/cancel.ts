// Ends a set on its owner's word: what runs of it ends, what waits of it never begins, stages that run always among it.
import { advanceSet } from '../../../lib/jobSets/advanceSet';
import { earlyEndPatch, toJobSet, type JobSet } from '../../../lib/jobSets/jobSet';
import { anchorRef } from '../../../lib/jobSets/readSet';
import type { Call } from '../../../lib/kube/kube';
import type { KubeObject } from '../../../lib/kube/objects';
import type { Context } from '../context';

/** Undefined when it went meanwhile; what is over stays as it is. */
export async function cancelSet(context: Context, set: JobSet, call: Call): Promise<JobSet | undefined> {
  if (set.end !== undefined) return set;
  const { kube, settings, clock } = context;
  const { namespace } = settings;
  const patch = earlyEndPatch(set, 'cancelled');
  const object = await kube.mergePatch<KubeObject>(anchorRef(namespace, set.id), patch, call);
  const ended = object && toJobSet(object);
  // It is told as cancelled by now; the function `stages` goes on where this one is killed.
  const where = { kube, namespace, clock, submissionSeconds: Infinity };
  return ended && ((await advanceSet(where, ended, call)).set ?? ended);
}
