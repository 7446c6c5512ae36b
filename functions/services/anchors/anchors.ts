// Anchors in the cluster: claimed by a start, found by name, ended, removed.
import { AppError } from '../../../lib/errors';
import { hasCode } from '../../../lib/kube/errors';
import type { Call, Selection } from '../../../lib/kube/kube';
import type { KubeObject } from '../../../lib/kube/objects';
import type { Collection } from '../../../lib/kube/resources';
import type { Owner } from '../../../lib/manifests/ownership';
import {
  anchorManifest,
  anchorName,
  anchorSelector,
  endedManifest,
  ownedLabels,
  toAnchor,
  type Anchor,
  type Sought,
  type Ending,
  type Start,
} from './anchor';
import type { Context } from '../context';

export interface Claim {
  readonly anchor: Anchor;
  /** This request made it, so this request may take it back. */
  readonly isNew: boolean;
  /** Older starts of the name, and what remains of ended ones. */
  readonly predecessors: readonly Anchor[];
}

/**
 * Makes the anchor of a start, or finds the one that an equal request made before, or the record of its end.
 * Fails with 409 when the same name and start id stand for another request.
 */
export async function claimAnchor(context: Context, start: Start, call: Call): Promise<Claim> {
  // From the API server's cache, beside the create: a start of the last moment may be missed, and is then the sweep's.
  const related = findAnchors(context, start, { signal: call.signal, resourceVersion: '0' });
  const [own, others] = await Promise.all([createOrGet(context, start, call), related]);
  const isSameStart = (other: Anchor): boolean => other.start.startId === start.startId;
  const ended = others.find((other) => isSameStart(other) && other.ending !== undefined);
  if (own.isNew && ended !== undefined) await removeAnchor(context, own.anchor, call);
  const anchor = ended ?? own.anchor;
  if (anchor.start.digest !== start.digest) throw conflict(start);
  const predecessors = others.filter((other) => !isSameStart(other) && isOlder(other, anchor));
  return { anchor, isNew: own.isNew && ended === undefined, predecessors };
}

/** Oldest first, ended ones included. */
export async function findAnchors(
  { kube, settings }: Context,
  sought: Sought,
  { signal, ...freshness }: Call & Pick<Selection, 'resourceVersion'>,
): Promise<readonly Anchor[]> {
  const { items } = await kube.list(
    {
      ...configMaps(settings.namespace),
      labelSelector: anchorSelector(sought),
      ...freshness,
    },
    { signal },
  );
  return items
    .map(toAnchor)
    .filter(({ start }) => isSought(start, sought))
    .toSorted((a, b) => (isOlder(a, b) ? -1 : 1));
}

/** Removes every anchor of a service name in one request; tells whether there was any. */
export async function removeAnchors(
  { kube, settings }: Context,
  sought: Required<Sought>,
  call: Call,
): Promise<boolean> {
  const selection = { ...configMaps(settings.namespace), labelSelector: anchorSelector(sought) };
  const { value: removed, repeated } = await kube.deleteAll(selection, call);
  return removed.length > 0 || repeated;
}

export async function removeAnchor({ kube, settings }: Context, { name, uid }: Anchor, call: Call): Promise<void> {
  await kube.delete({ ...configMaps(settings.namespace), name }, { uid }, call);
}

/** Writes down how a service ended, then removes its anchor and with it everything it owns; may be repeated at any point. */
export async function endService(
  context: Context,
  { anchor, ending }: { readonly anchor: Anchor; readonly ending: Ending },
  call: Call,
): Promise<void> {
  try {
    await context.kube.create(endedManifest(anchor, ending, context.settings.namespace), call);
  } catch (error) {
    if (!hasCode(error, 'already_exists')) throw error;
  }
  await removeAnchor(context, anchor, call);
}

/** The anchor as the owner of what is created for it. */
export function ownerOf({ object, start }: Anchor, namespace: string): Owner {
  return { anchor: object, labels: ownedLabels(start), namespace };
}

async function createOrGet(context: Context, start: Start, call: Call): Promise<Omit<Claim, 'predecessors'>> {
  const { kube, settings } = context;
  const manifest = anchorManifest(start, settings.namespace);
  try {
    return { anchor: toAnchor(await kube.create(manifest, call)), isNew: true };
  } catch (error) {
    if (!hasCode(error, 'already_exists')) throw error;
  }
  const existing = await kube.get<KubeObject>({ ...configMaps(settings.namespace), name: anchorName(start) }, call);
  // Stopped between the two requests: what was asked first is over, so this start is a new one.
  return existing === undefined ? createOrGet(context, start, call) : { anchor: toAnchor(existing), isNew: false };
}

/** Labels hold hashes only; what they select is compared in full. */
function isSought({ credential, servername }: Start, sought: Sought): boolean {
  return credential === sought.credential && servername === (sought.servername ?? servername);
}

function conflict({ servername, startId }: Start): AppError {
  const message = `Service ${servername} with start id ${startId} exists already and was started by another request.`;
  return new AppError('start_conflict', 409, message);
}

function isOlder(a: Anchor, b: Anchor): boolean {
  return a.start.startDate === b.start.startDate ? a.name < b.name : a.start.startDate < b.start.startDate;
}

function configMaps(namespace: string): Collection {
  return { apiVersion: 'v1', kind: 'ConfigMap', namespace };
}
