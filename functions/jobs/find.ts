// One of a caller's jobs in the cluster; what is another's is not there.
import { AppError } from '../../lib/errors';
import type { Call } from '../../lib/kube/kube';
import type { KubeObject } from '../../lib/kube/objects';
import { JOB_KIND } from '../../lib/jobs/names';
import { LABELS } from '../../lib/labels';
import { shortHash } from '../../lib/naming';
import type { Context } from './context';

export interface Sought {
  readonly credential: string;
  readonly id: string;
}

export async function findJob(context: Context, sought: Sought, call: Call): Promise<KubeObject> {
  const job = await seekJob(context, sought, call);
  if (job !== undefined) return job;
  throw notFound();
}

export async function seekJob(
  context: Context,
  { credential, id }: Sought,
  call: Call,
): Promise<KubeObject | undefined> {
  const job = await seekAnyJob(context, id, call);
  return job?.metadata?.labels?.[LABELS.credential] === shortHash(credential) ? job : undefined;
}

/** Whosever it is, if it is one of ours. */
export async function seekAnyJob({ kube, settings }: Context, id: string, call: Call): Promise<KubeObject | undefined> {
  const { namespace } = settings;
  const job = await kube.get<KubeObject>({ apiVersion: 'batch/v1', kind: 'Job', namespace, name: id }, call);
  return job?.metadata?.labels?.[LABELS.kind] === JOB_KIND ? job : undefined;
}

export function notFound(): AppError {
  return new AppError('not_found', 404, 'Job not found');
}
