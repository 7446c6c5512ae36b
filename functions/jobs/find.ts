// A caller's jobs and their pods in the cluster; what is another's is not there.
import { AppError } from '../../lib/errors';
import type { Call, Page } from '../../lib/kube/kube';
import type { KubeObject } from '../../lib/kube/objects';
import { JOB_KIND, jobSelector } from '../../lib/jobs/names';
import { LABELS } from '../../lib/labels';
import { shortHash } from '../../lib/naming';
import type { Pod } from '../../lib/status/observed';
import type { Context } from './context';

export interface Sought {
  readonly credential: string;
  readonly id: string;
}

/** The label that Kubernetes gives to the pods of a Job; old API servers know no other one. */
const JOB_NAME = 'job-name';

export async function findJob(context: Context, { credential, id }: Sought, call: Call): Promise<KubeObject> {
  const { namespace } = context.settings;
  const job = await context.kube.get<KubeObject>({ apiVersion: 'batch/v1', kind: 'Job', namespace, name: id }, call);
  const labels = job?.metadata?.labels ?? {};
  const isOwn = labels[LABELS.kind] === JOB_KIND && labels[LABELS.credential] === shortHash(credential);
  if (job !== undefined && isOwn) return job;
  throw new AppError('not_found', 404, 'Job not found');
}

export interface Wish {
  readonly credential: string;
  readonly limit: number | undefined;
  readonly continueToken: string | undefined;
  /** `name=value`, more of them with commas between. */
  readonly label: string | undefined;
}

export async function listJobs({ kube, settings }: Context, wish: Wish, call: Call): Promise<Page<KubeObject>> {
  const labelSelector = [jobSelector(wish.credential), ...(wish.label === undefined ? [] : [wish.label])].join(',');
  return kube.list<KubeObject>(
    {
      apiVersion: 'batch/v1',
      kind: 'Job',
      namespace: settings.namespace,
      labelSelector,
      ...(wish.limit !== undefined && { limit: wish.limit }),
      ...(wish.continueToken !== undefined && { continueToken: wish.continueToken }),
    },
    call,
  );
}

/** One for each attempt, the oldest first. */
export async function podsOf(
  { kube, settings }: Context,
  { metadata }: KubeObject,
  call: Call,
): Promise<readonly Pod[]> {
  const { items } = await kube.list<KubeObject>(
    {
      apiVersion: 'v1',
      kind: 'Pod',
      namespace: settings.namespace,
      labelSelector: `${JOB_NAME}=${metadata?.name}`,
    },
    call,
  );
  const own = items.filter((pod) => pod.metadata?.ownerReferences?.some(({ uid }) => uid === metadata?.uid));
  return own.toSorted((a, b) => createdAt(a).localeCompare(createdAt(b)));
}

function createdAt({ metadata }: KubeObject): string {
  return metadata?.creationTimestamp ?? '';
}
