// The claim that a mover fills: new, marked as not ready until all of it is there, and removed when that never comes.
import { AppError } from '../../../lib/errors';
import { hasCode } from '../../../lib/kube/errors';
import type { Call } from '../../../lib/kube/kube';
import type { KubeObject } from '../../../lib/kube/objects';
import { ANNOTATIONS, LABELS } from '../../../lib/labels';
import { ownedBy } from '../../../lib/manifests/ownership';
import type { Archive } from '../archive';
import type { Context } from '../context';
import { identityOf } from '../identity';
import { isUnfilled, TARGET_KIND } from '../../../lib/restoring';
import { labelsOf, ofUser } from '../names';
import type { Operation, Target } from './operation';

export interface Filling {
  readonly archive: Archive;
  readonly operation: Operation;
  readonly target: Target;
}

/** Fails with `name_taken` when a claim of this name is somebody else's, and with `target_gone` when it was let go: both may hold something. */
export async function createTarget(context: Context, filling: Filling, call: Call): Promise<void> {
  const { kube } = context;
  if (filling.target.wish !== undefined) return adoptTarget(context, filling, call);
  try {
    await kube.create(targetManifest(context, filling), call);
  } catch (error) {
    if (!hasCode(error, 'already_exists')) throw error;
    const found = await findTarget(context, filling, call);
    if (found !== undefined && isUnfilled(found)) return;
    if (found !== undefined) throw targetGone('The claim was filled already.');
    const detail = `A claim ${filling.target.claim} exists already. Choose another name.`;
    throw new AppError('name_taken', 409, detail);
  }
}

/** One that was made to be filled is from now on this restore's, as if it had made it. */
async function adoptTarget(context: Context, filling: Filling, call: Call): Promise<void> {
  const { kube } = context;
  const { target, operation, archive } = filling;
  const claim = await kube.get<KubeObject>(refOf(context, filling), call);
  const { uid, deletionTimestamp, annotations } = claim?.metadata ?? {};
  const isWished = claim !== undefined && uid === target.wish && deletionTimestamp === undefined && isUnfilled(claim);
  if (!isWished) throw targetGone('The claim that was to be filled is gone, or was filled by another restore.');
  if (annotations?.[ANNOTATIONS.operationId] === operation.id) return;
  const { ownerReferences } = targetManifest(context, filling).metadata ?? {};
  const metadata = {
    uid,
    labels: ofUser(archive.record.user),
    annotations: { [ANNOTATIONS.operationId]: operation.id },
    ownerReferences,
  };
  await kube.mergePatch(refOf(context, filling), { metadata }, call);
}

function targetGone(message: string): AppError {
  return new AppError('target_gone', 409, message);
}

/** As long as it is not ready it belongs to the archive's anchor, and goes with it. */
function targetManifest({ settings }: Context, { archive, operation, target }: Filling): KubeObject {
  const { user } = archive.record;
  const claim = {
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: {
      name: target.claim,
      labels: { ...labelsOf(TARGET_KIND, ofUser(user)), [LABELS.ready]: 'false' },
      annotations: { [ANNOTATIONS.operationId]: operation.id },
    },
    spec: {
      accessModes: target.accessModes,
      ...(target.storageClass !== undefined && { storageClassName: target.storageClass }),
      resources: { requests: { storage: target.size } },
    },
  };
  const labels = { [LABELS.anchorUid]: archive.uid };
  return ownedBy({ anchor: archive.object, labels, namespace: settings.namespace }, claim);
}

/** Lets it go: from now on it is its user's, and nobody else's. */
export async function releaseTarget(context: Context, filling: Filling, call: Call): Promise<void> {
  const { kube, settings } = context;
  const claim = await findTarget(context, filling, call);
  if (claim === undefined) throw targetGone('The claim that was filled is gone.');
  const [annotation] = settings.archive.user_annotations;
  const { user } = filling.archive.record;
  const patch = {
    metadata: {
      uid: claim.metadata?.uid,
      labels: { [LABELS.ready]: 'true' },
      ownerReferences: null,
      ...(annotation !== undefined && { annotations: { [annotation]: user } }),
    },
  };
  await kube.mergePatch(refOf(context, filling), patch, call);
}

/** More often than a claim is changed while it is bound to its volume. */
const MOST_TRIES = 5;

/** Whoever was let go is its user's, whatever is known of the restore by now. */
export async function removeTarget(context: Context, filling: Filling, call: Call): Promise<void> {
  for (let tries = 0; tries < MOST_TRIES; tries += 1) {
    const claim = await findTarget(context, filling, call);
    if (claim === undefined || !isUnfilled(claim)) return;
    const { uid, resourceVersion } = identityOf(claim);
    if (await context.kube.delete(refOf(context, filling), { uid, resourceVersion }, call)) return;
  }
  const detail = `Claim ${filling.target.claim} is changed all the time. Try again.`;
  throw new AppError('conflict', 503, detail, { body: { detail }, retryAfterSeconds: 1 });
}

/** Only what is whole is ever let go. */
export async function isLetGo(context: Context, filling: Filling, call: Call): Promise<boolean> {
  const claim = await findTarget(context, filling, call);
  return claim !== undefined && !isUnfilled(claim);
}

async function findTarget(context: Context, filling: Filling, call: Call): Promise<KubeObject | undefined> {
  const claim = await context.kube.get<KubeObject>(refOf(context, filling), call);
  const { labels, annotations } = claim?.metadata ?? {};
  const isOwn =
    labels?.[LABELS.kind] === TARGET_KIND && annotations?.[ANNOTATIONS.operationId] === filling.operation.id;
  return isOwn ? claim : undefined;
}

function refOf({ settings }: Context, { target }: Filling) {
  const { namespace } = settings;
  return { apiVersion: 'v1', kind: 'PersistentVolumeClaim', namespace, name: target.claim };
}
