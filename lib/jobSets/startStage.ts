// Starts a stage: makes its Job, which the anchor owns. Whoever comes second finds it made.
import { AppError } from '../errors';
import { hasCode } from '../kube/errors';
import type { Call } from '../kube/kube';
import type { KubeObject } from '../kube/objects';
import { LABELS } from '../labels';
import { isOwnedBy, ownedBy } from '../manifests/ownership';
import type { JobSet, Stage } from './jobSet';
import type { Where } from './readSet';

/** Fails with `name_taken` when a Job of this name belongs to somebody else: it is never taken for ours. */
export async function startStage(
  where: Where,
  { set, stage }: { set: JobSet; stage: Stage },
  call: Call,
): Promise<void> {
  await createOwned(where, { set, object: stage.job }, call);
}

export interface Owned {
  readonly set: JobSet;
  readonly object: KubeObject;
}

export async function createOwned({ kube, namespace }: Where, { set, object }: Owned, call: Call): Promise<void> {
  const labels = { [LABELS.anchorUid]: set.uid };
  try {
    await kube.create(ownedBy({ anchor: set.object, labels, namespace }, object), call);
  } catch (error) {
    if (!hasCode(error, 'already_exists')) throw error;
    await checkOwner({ kube, namespace }, { set, object }, call);
  }
}

async function checkOwner({ kube, namespace }: Where, { set, object }: Owned, call: Call): Promise<void> {
  const { apiVersion = '', kind = '', metadata } = object;
  // Values of secrets are nothing to read, and no other anchor has this name in it: an earlier attempt has made it.
  if (kind === 'Secret') return;
  const { name = '' } = metadata ?? {};
  const found = await kube.get<KubeObject>({ apiVersion, kind, namespace, name }, call);
  if (found !== undefined && isOwnedBy(set.object, found)) return;
  const detail = `${kind} ${name} exists already, and does not belong to this set. Choose another name.`;
  throw new AppError('name_taken', 409, detail);
}
