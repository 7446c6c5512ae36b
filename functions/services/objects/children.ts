// Creates what belongs to an anchor, so that doing it again, or twice at once, comes to the same.
import { setTimeout as sleep } from 'node:timers/promises';
import { AppError } from '../../../lib/errors';
import { hasCode } from '../../../lib/kube/errors';
import type { Call, Kube } from '../../../lib/kube/kube';
import type { KubeObject } from '../../../lib/kube/objects';
import { LABELS } from '../../../lib/labels';
import { refOf } from '../../../lib/kube/resources';
import { isOwnedBy, ownedBy, type Owner } from '../../../lib/manifests/ownership';

import { combined } from '../failure';

const PREDECESSOR_PAUSE_MS = 100;
const PREDECESSOR_PATIENCE_MS = 15_000;

/** Who makes objects, and for which anchor. */
export interface Maker {
  readonly kube: Kube;
  readonly owner: Owner;
  readonly call: Call;
}

/** Creates all side by side; every one is tried, and what failed is told together. */
export async function createAll(maker: Maker, manifests: readonly KubeObject[]): Promise<void> {
  const results = await Promise.allSettled(manifests.map(async (manifest) => createOne(maker, manifest)));
  const errors = results.flatMap((result) => (result.status === 'rejected' ? [result.reason as unknown] : []));
  if (errors.length > 0) throw combined(errors);
}

/** Applies one manifest of an update; an object that somebody else made is never taken over. */
export async function applyOne({ kube, owner, call }: Maker, manifest: KubeObject): Promise<void> {
  const object = ownedBy(owner, manifest);
  const existing = await kube.get(refOf(object), call);
  if (existing !== undefined && !isOwnedBy(owner.anchor, existing)) throw nameTaken(object);
  await kube.apply(object, call);
}

async function createOne(maker: Maker, manifest: KubeObject): Promise<void> {
  const object = ownedBy(maker.owner, manifest);
  const giveUpAt = performance.now() + PREDECESSOR_PATIENCE_MS;
  while (!(await isCreated(maker, object))) {
    if (performance.now() > giveUpAt || maker.call.signal.aborted) throw stillThere(object);
    await sleep(PREDECESSOR_PAUSE_MS);
  }
}

/** False while an object of an earlier start, on its way out, still holds the name. */
async function isCreated({ kube, owner, call }: Maker, object: KubeObject): Promise<boolean> {
  try {
    await kube.create(object, call);
    return true;
  } catch (error) {
    if (!hasCode(error, 'already_exists')) throw naming(object, error);
  }
  const existing = await kube.get(refOf(object), call);
  if (existing === undefined) return false;
  if (isOwnedBy(owner.anchor, existing)) return true;
  if (existing.metadata?.labels?.[LABELS.name] === owner.labels[LABELS.name]) return false;
  throw nameTaken(object);
}

function naming(object: KubeObject, error: unknown): unknown {
  if (!(error instanceof AppError)) return error;
  return new AppError(error.code, error.status, `${describe(object)}: ${error.message}`, {
    ...error.details,
    cause: error,
  });
}

function nameTaken(object: KubeObject): AppError {
  return new AppError('name_taken', 409, `${describe(object)} exists already and belongs to something else.`);
}

function stillThere(object: KubeObject): AppError {
  return new AppError('predecessor_remains', 503, `${describe(object)} of an earlier start is still being deleted.`, {
    retryAfterSeconds: 5,
  });
}

function describe({ kind = '', metadata }: KubeObject): string {
  return `${kind} ${metadata?.name ?? ''}`;
}
