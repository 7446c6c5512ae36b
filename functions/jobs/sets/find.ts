// One of a caller's sets in the cluster; what is another's is not there.
import type { JobSet } from '../../../lib/jobSets/jobSet';
import { getSet } from '../../../lib/jobSets/readSet';
import type { Call } from '../../../lib/kube/kube';
import type { KubeObject } from '../../../lib/kube/objects';
import { LABELS } from '../../../lib/labels';
import { shortHash } from '../../../lib/naming';
import type { Context } from '../context';
import type { Sought } from '../find';

export async function seekSet(
  { kube, settings }: Context,
  { credential, id }: Sought,
  call: Call,
): Promise<JobSet | undefined> {
  const set = await getSet({ kube, namespace: settings.namespace }, id, call);
  return isOwn(set?.object, credential) ? set : undefined;
}

function isOwn(anchor: KubeObject | undefined, credential: string): boolean {
  return anchor?.metadata?.labels?.[LABELS.credential] === shortHash(credential);
}
