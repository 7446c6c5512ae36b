// Claims that outlive their service: made where they are not there; one whose archives exist is marked as not filled yet (docs/adr/0018).
import { setTimeout as sleep } from 'node:timers/promises';
import { AppError } from '../../../lib/errors';
import { hasCode } from '../../../lib/kube/errors';
import type { Call } from '../../../lib/kube/kube';
import type { KubeObject, OwnerReference } from '../../../lib/kube/objects';
import { ANNOTATIONS, LABELS, MANAGED_BY } from '../../../lib/labels';
import { shortHash } from '../../../lib/naming';
import { asUnfilled, isUnfilled } from '../../../lib/restoring';
import type { Context } from '../context';

const PAUSE_MS = 200;
const PATIENCE_MS = 15_000;
const PAGE = 500;

/** Names of those that no pod may use yet. One request for each that is there, and one more for each owner of it. */
export async function ensureClaims(
  context: Context,
  claims: readonly KubeObject[],
  call: Call,
): Promise<ReadonlySet<string>> {
  const found = await Promise.all(claims.map(async (claim) => ensureClaim(context, claim, call)));
  return new Set(found.filter(isUnfilled).map(({ metadata }) => metadata?.name ?? ''));
}

/** A change of the claim is an event: `archive` looks again, now that there are pods that wait, or soon will be. */
export async function tellAwaited(
  { kube, settings }: Context,
  { claims, by }: { readonly claims: ReadonlySet<string>; readonly by: string },
  call: Call,
): Promise<void> {
  const { namespace } = settings;
  const patch = { metadata: { annotations: { [ANNOTATIONS.awaitedBy]: by } } };
  const refs = [...claims].map((name) => ({ apiVersion: 'v1', kind: 'PersistentVolumeClaim', namespace, name }));
  await Promise.all(refs.map(async (ref) => kube.mergePatch(ref, patch, call)));
}

async function ensureClaim(context: Context, manifest: KubeObject, call: Call): Promise<KubeObject> {
  const giveUpAt = performance.now() + PATIENCE_MS;
  for (;;) {
    const claim = await findOrMake(context, manifest, call);
    if (claim !== undefined) return claim;
    if (performance.now() > giveUpAt || call.signal.aborted) throw stillThere(manifest.metadata?.name ?? '');
    await sleep(PAUSE_MS);
  }
}

/** Undefined while another one is on its way out. */
async function findOrMake(context: Context, manifest: KubeObject, call: Call): Promise<KubeObject | undefined> {
  const { kube, settings } = context;
  const { name = '' } = manifest.metadata ?? {};
  const ref = { apiVersion: 'v1', kind: 'PersistentVolumeClaim', namespace: settings.namespace, name };
  const found = await kube.get<KubeObject>(ref, call);
  if (found === undefined) return makeClaim(context, manifest, call);
  const isLeaving = found.metadata?.deletionTimestamp !== undefined || (await hasLostOwner(context, found, call));
  return isLeaving ? undefined : found;
}

/** What has an owner goes with it, whoever else uses it by then. Only a restore lets a claim go: when it is filled. */
async function hasLostOwner(context: Context, claim: KubeObject, call: Call): Promise<boolean> {
  const { name = '', ownerReferences = [] } = claim.metadata ?? {};
  if (ownerReferences.length === 0 || isUnfilled(claim)) return false;
  const owners = await Promise.all(ownerReferences.map(async (owner) => livingOwner(context, owner, call)));
  const owner = owners.find((living) => living !== undefined);
  if (owner !== undefined) throw ownedBy(owner, name);
  return true;
}

/** As people know it; undefined when it is gone or going. Anchors are ConfigMaps, and whatever else it is counts as there. */
async function livingOwner(
  { kube, settings }: Context,
  { kind, name, uid }: OwnerReference,
  call: Call,
): Promise<string | undefined> {
  if (kind !== 'ConfigMap') return `${kind} ${name}`;
  const ref = { apiVersion: 'v1', kind, namespace: settings.namespace, name };
  const { metadata } = (await kube.get<KubeObject>(ref, call)) ?? {};
  if (metadata?.uid !== uid || metadata.deletionTimestamp !== undefined) return undefined;
  const servername = metadata.annotations?.[ANNOTATIONS.servername];
  return servername === undefined ? `${kind} ${name}` : `service ${servername}`;
}

/** Undefined when somebody else was faster. */
async function makeClaim(context: Context, manifest: KubeObject, call: Call): Promise<KubeObject | undefined> {
  const { kube, settings } = context;
  const { name = '' } = manifest.metadata ?? {};
  const claim = { ...manifest, metadata: { ...manifest.metadata, namespace: settings.namespace } };
  const isArchived = await hasArchives(context, name, call);
  try {
    return await kube.create(isArchived ? asUnfilled(claim) : claim, call);
  } catch (error) {
    if (hasCode(error, 'already_exists')) return undefined;
    throw error;
  }
}

/** Whether an archive is to be looked for at all: which one it is, and whose, the function `archive` decides. */
async function hasArchives({ kube, settings }: Context, claim: string, call: Call): Promise<boolean> {
  const selection = {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    namespace: settings.namespace,
    labelSelector: `${LABELS.managedBy}=${MANAGED_BY},${LABELS.kind} in (archive,archive-release),${LABELS.claim}=${shortHash(claim)}`,
    limit: PAGE,
    metadataOnly: true,
  } as const;
  const { items } = await kube.list<KubeObject>(selection, call);
  const labels = items.map(({ metadata }) => metadata?.labels ?? {});
  // Its volume is about to be bound again: a claim of ours would be in its way.
  if (labels.some(({ [LABELS.phase]: phase }) => phase === 'undoing')) throw comingBack(claim);
  return labels.some(({ [LABELS.kind]: kind, [LABELS.phase]: phase }) => kind === 'archive' && phase !== 'failed');
}

function ownedBy(owner: string, name: string): AppError {
  const message = `PersistentVolumeClaim ${name} belongs to ${owner} and goes with it: it cannot outlive this service.`;
  return new AppError('name_taken', 409, message);
}

function comingBack(name: string): AppError {
  const message = `PersistentVolumeClaim ${name} was given up and is being brought back. Try again when that is over.`;
  return new AppError('claim_coming_back', 503, message, { retryAfterSeconds: 10 });
}

function stillThere(name: string): AppError {
  const message = `PersistentVolumeClaim ${name} is still being deleted. Try again when it is gone.`;
  return new AppError('predecessor_remains', 503, message, { retryAfterSeconds: 5 });
}
