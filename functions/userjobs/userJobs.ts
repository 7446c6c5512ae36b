// User jobs in the cluster: found by name, listed, changed, removed.
import { AppError } from '../../lib/errors';
import { hasCode } from '../../lib/kube/errors';
import type { Call } from '../../lib/kube/kube';
import type { KubeObject } from '../../lib/kube/objects';
import type { Context } from './context';
import { recordPatch, toUserJob, userJobName, userJobSelector, type UserJob, type UserJobRecord } from './record';

export interface Sought {
  readonly credential: string;
  readonly service: string;
}

const PAGE = 500;

/** Undefined when there is none. */
export async function findUserJob(context: Context, sought: Sought, call: Call): Promise<UserJob | undefined> {
  const userJob = await getUserJob(context, userJobName(sought.credential, sought.service), call);
  const { credential, service } = userJob?.record ?? {};
  return credential === sought.credential && service === sought.service ? userJob : undefined;
}

/** By the name of its anchor. */
export async function getUserJob({ kube, settings }: Context, name: string, call: Call): Promise<UserJob | undefined> {
  const found = await kube.get<KubeObject>({ ...configMaps(settings), name }, call);
  return found && toUserJob(found);
}

/** Of one credential, or of everybody; in the order of their names. */
export async function listUserJobs(
  { kube, settings }: Context,
  credential: string | undefined,
  call: Call,
): Promise<readonly UserJob[]> {
  const selection = { ...configMaps(settings), labelSelector: userJobSelector(credential), limit: PAGE };
  const all: UserJob[] = [];
  for await (const page of kube.pages<KubeObject>(selection, call))
    all.push(...page.flatMap((each) => toUserJob(each) ?? []));
  // Labels hold hashes only.
  return credential === undefined ? all : all.filter(({ record }) => record.credential === credential);
}

/** Undefined when somebody else has changed or removed it since it was read. */
export async function changeRecord(
  { kube, settings }: Context,
  { userJob, record }: { readonly userJob: UserJob; readonly record: UserJobRecord },
  call: Call,
): Promise<UserJob | undefined> {
  try {
    const ref = { ...configMaps(settings), name: userJob.name };
    const changed = await kube.mergePatch<KubeObject>(ref, recordPatch(record, userJob.object), call);
    return changed && toUserJob(changed);
  } catch (error) {
    if (hasCode(error, 'conflict')) return undefined;
    throw error;
  }
}

/** Kubernetes removes what it owns. */
export async function removeUserJob({ kube, settings }: Context, { name, uid }: UserJob, call: Call): Promise<void> {
  await kube.delete({ ...configMaps(settings), name }, { uid }, call);
}

/** Undefined when the name is taken. */
export async function createUnlessTaken(
  { kube }: Context,
  object: KubeObject,
  call: Call,
): Promise<KubeObject | undefined> {
  try {
    return await kube.create(object, call);
  } catch (error) {
    if (hasCode(error, 'already_exists')) return undefined;
    throw error;
  }
}

export function notFound(): AppError {
  return new AppError('not_found', 404, 'Not found.');
}

function configMaps({ namespace }: Context['settings']) {
  return { apiVersion: 'v1', kind: 'ConfigMap', namespace };
}
