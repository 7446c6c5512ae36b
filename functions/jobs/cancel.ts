// Ends a job on its owner's word: its pods go, the job stays as a record until it is reaped.
import type { Call } from '../../lib/kube/kube';
import type { KubeObject } from '../../lib/kube/objects';
import { ANNOTATIONS } from '../../lib/labels';
import type { Context } from './context';
import { findJob, type Sought } from './find';

/** Undefined when it went meanwhile; what is over stays as it is. */
export async function cancelJob(context: Context, sought: Sought, call: Call): Promise<KubeObject | undefined> {
  const job = await findJob(context, sought, call);
  if (isOver(job)) return job;
  const ref = { apiVersion: 'batch/v1', kind: 'Job', namespace: context.settings.namespace, name: sought.id };
  const annotations = { [ANNOTATIONS.cancelled]: 'by its owner' };
  const patch = { metadata: { uid: job.metadata?.uid, annotations }, spec: { suspend: true } };
  return context.kube.mergePatch<KubeObject>(ref, patch, call);
}

function isOver({ status }: KubeObject): boolean {
  const { conditions = [] } = (status ?? {}) as { readonly conditions?: readonly { type: string; status: string }[] };
  return conditions.some(({ type, status: holds }) => (type === 'Complete' || type === 'Failed') && holds === 'True');
}
