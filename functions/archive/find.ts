// Reads archives, claims and movers from the cluster.
import { AppError } from '../../lib/errors';
import { podsOf, podSelector } from '../../lib/jobs/readJobPods';
import { hasCode } from '../../lib/kube/errors';
import type { Call } from '../../lib/kube/kube';
import type { KubeObject } from '../../lib/kube/objects';
import type { ObjectRef } from '../../lib/kube/resources';
import { LABELS } from '../../lib/labels';
import type { Pod } from '../../lib/status/observed';
import { toArchive, toSubject, type Archive, type Subject } from './archive';
import type { Claim, UsingPod } from './claims';
import type { Context } from './context';
import { ACTIVE, archiveName, moverNameOf, selectorOf, subjectsOf } from './names';

const PAGE = 500;

export async function findArchive(context: Context, id: string, call: Call): Promise<Archive | undefined> {
  const object = await context.kube.get<KubeObject>(refOf(context, 'ConfigMap', archiveName(id)), call);
  return object && toArchive(object);
}

export async function findSubject(context: Context, name: string, call: Call): Promise<Subject | undefined> {
  const object = await context.kube.get<KubeObject>(refOf(context, 'ConfigMap', name), call);
  return object && toSubject(object);
}

export async function findClaim(context: Context, name: string, call: Call): Promise<Claim | undefined> {
  return context.kube.get<Claim>(refOf(context, 'PersistentVolumeClaim', name), call);
}

/** Every pod of the namespace: which claims one mounts is no label. */
export async function readPods({ kube, settings }: Context, call: Call): Promise<readonly UsingPod[]> {
  const pods: UsingPod[] = [];
  const selection = { apiVersion: 'v1', kind: 'Pod', namespace: settings.namespace, limit: PAGE };
  for await (const page of kube.pages<KubeObject>(selection, call)) pods.push(...page);
  return pods;
}

export interface SeenMover {
  readonly job: KubeObject | undefined;
  readonly pods: readonly Pod[];
}

/** Of a user's repository, whatever it is working on. */
export async function readMover(context: Context, userHash: string, call: Call): Promise<SeenMover> {
  const { kube, settings } = context;
  const name = moverNameOf(userHash);
  const labelSelector = podSelector(name);
  const [job, { items }] = await Promise.all([
    kube.get<KubeObject>({ ...refOf(context, 'Job', name), apiVersion: 'batch/v1' }, call),
    kube.list<KubeObject>({ apiVersion: 'v1', kind: 'Pod', namespace: settings.namespace, labelSelector }, call),
  ]);
  return { job, pods: job === undefined ? [] : podsOf(job, items) };
}

/** What something is being done with, of one user: the oldest wish first. */
export async function readActive(
  { kube, settings }: Context,
  userHash: string,
  call: Call,
): Promise<readonly Subject[]> {
  const labelSelector = `${ACTIVE},${LABELS.user}=${userHash}`;
  return readSubjects({ kube, namespace: settings.namespace, labelSelector }, call);
}

export async function readArchives(
  { kube, settings }: Context,
  more: Readonly<Record<string, string>>,
  call: Call,
): Promise<readonly Archive[]> {
  const labelSelector = selectorOf('archive', more);
  const subjects = await readSubjects({ kube, namespace: settings.namespace, labelSelector }, call);
  return subjects.flatMap((subject) => (subject.kind === 'archive' ? [subject] : []));
}

/** All of one user: his archives, and his repository. */
export async function readSubjectsOf(
  { kube, settings }: Context,
  user: string,
  call: Call,
): Promise<readonly Subject[]> {
  return readSubjects({ kube, namespace: settings.namespace, labelSelector: subjectsOf(user) }, call);
}

export async function readSubjects(
  {
    kube,
    namespace,
    labelSelector,
  }: Pick<Context, 'kube'> & { readonly namespace: string; readonly labelSelector: string },
  call: Call,
): Promise<readonly Subject[]> {
  const selection = { apiVersion: 'v1', kind: 'ConfigMap', namespace, labelSelector, limit: PAGE } as const;
  const found: Subject[] = [];
  for await (const page of kube.pages<KubeObject>({ ...selection, metadataOnly: true }, call)) {
    found.push(...page.flatMap((object) => toSubject(object) ?? []));
  }
  return found.toSorted((a, b) => turnOf(a).localeCompare(turnOf(b)));
}

function turnOf({ operation, object }: Subject): string {
  return operation?.askedAt ?? object.metadata?.creationTimestamp ?? '';
}

export function refOf({ settings }: Context, kind: string, name: string): ObjectRef {
  return { apiVersion: 'v1', kind, namespace: settings.namespace, name };
}

export function notFound(): AppError {
  return new AppError('not_found', 404, 'Archive not found');
}

/** Undefined when somebody else has changed or removed it since it was read. */
export async function unlessChanged<T>(work: Promise<T>): Promise<T | undefined> {
  try {
    return await work;
  } catch (error) {
    if (hasCode(error, 'conflict', 'not_found')) return undefined;
    throw error;
  }
}
