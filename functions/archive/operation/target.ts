// The claim that a mover fills: new, marked as not ready until all of it is there, and removed when that never comes.
import { AppError } from '../../../lib/errors';
import { hasCode } from '../../../lib/kube/errors';
import type { Call } from '../../../lib/kube/kube';
import type { KubeObject } from '../../../lib/kube/objects';
import { ANNOTATIONS, LABELS } from '../../../lib/labels';
import { ownedBy } from '../../../lib/manifests/ownership';
import type { Archive } from '../archive';
import type { Context } from '../context';
import { labelsOf, ofUser, TARGET_KIND } from '../names';
import type { Operation, Target } from './operation';

export interface Filling {
  readonly archive: Archive;
  readonly operation: Operation;
  readonly target: Target;
}

/** Fails with `name_taken` when a claim of this name is somebody else's: it may hold something. */
export async function createTarget(context: Context, filling: Filling, call: Call): Promise<void> {
  const { kube } = context;
  try {
    await kube.create(targetManifest(context, filling), call);
  } catch (error) {
    if (!hasCode(error, 'already_exists')) throw error;
    if ((await findTarget(context, filling, call)) !== undefined) return;
    const detail = `A claim ${filling.target.claim} exists already. Choose another name.`;
    throw new AppError('name_taken', 409, detail);
  }
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
  if (claim === undefined) throw new AppError('target_gone', 409, 'The claim that was filled is gone.');
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

export async function removeTarget(context: Context, filling: Filling, call: Call): Promise<void> {
  const claim = await findTarget(context, filling, call);
  const uid = claim?.metadata?.uid;
  if (uid !== undefined) await context.kube.delete(refOf(context, filling), { uid }, call);
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
