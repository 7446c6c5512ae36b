// Anchors in the cluster: claimed by a start, found by name, removed.
import { AppError } from '../errors';
import { hasCode } from '../kube/errors';
import type { Call } from '../kube/kube';
import type { KubeObject } from '../kube/objects';
import type { Collection } from '../kube/resources';
import type { Owner } from '../manifests/ownership';
import { anchorManifest, isAnchor, toAnchor, type Anchor, type Start } from './anchor';
import { anchorName, anchorSelector, earlierStartsSelector, ownedLabels, type Sought } from './names';
import type { ServiceContext } from './context';

export interface Claim {
  readonly anchor: Anchor;
  /** This request made it, so this request may take it back. */
  readonly isNew: boolean;
}

/**
 * Makes the anchor of a start, or finds the one that an equal request made before, ended or not. An earlier start of the
 * name gives way. Fails with 409 when the same name and start id stand for another request, or a later start is there.
 */
export async function claimAnchor(context: ServiceContext, start: Start, call: Call): Promise<Claim> {
  const manifest = anchorManifest(start, context.settings.namespace);
  const created = await createUnlessTaken(context, manifest, call);
  if (created !== undefined) return { anchor: toAnchor(created), isNew: true };
  const anchor = await findAnchor(context, start, call);
  if (anchor?.start.startId === start.startId) {
    if (anchor.start.digest !== start.digest) throw conflict(start);
    // The answer to an earlier attempt of the creation may have been lost.
    return { anchor, isNew: anchor.start.startDate === start.startDate };
  }
  if (anchor !== undefined && isOvertakenBy(start, anchor)) throw overtaken(start);
  if (anchor !== undefined) await removeAnchor(context, anchor, call);
  // The name is free now, or was stopped between the two requests.
  return claimAnchor(context, start, call);
}

/** Oldest first, ended ones included. */
export async function findAnchors(
  { kube, settings }: ServiceContext,
  sought: Sought,
  call: Call,
): Promise<readonly Anchor[]> {
  const { items } = await kube.list({ ...configMaps(settings.namespace), labelSelector: anchorSelector(sought) }, call);
  return inOrder(items.map(toAnchor), sought);
}

/** Those that are sought, oldest first. */
export function inOrder(anchors: readonly Anchor[], sought: Sought): readonly Anchor[] {
  return anchors.filter(({ start }) => isSought(start, sought)).toSorted((a, b) => (isOlder(a, b) ? -1 : 1));
}

export interface Removal {
  /** Whether there was anything to remove. */
  readonly found: boolean;
  readonly uids: readonly string[];
}

/** Undefined when there is none, or something else of that name. */
export async function getAnchor(
  { kube, settings }: ServiceContext,
  name: string,
  call: Call,
): Promise<Anchor | undefined> {
  const found = await kube.get<KubeObject>({ ...configMaps(settings.namespace), name }, call);
  return found !== undefined && isAnchor(found) ? toAnchor(found) : undefined;
}

/** Removes every anchor of a service name in one request; what an earlier attempt removed has no uid here. */
export async function removeAnchors(
  { kube, settings }: ServiceContext,
  sought: Required<Sought>,
  call: Call,
): Promise<Removal> {
  const selection = { ...configMaps(settings.namespace), labelSelector: anchorSelector(sought) };
  const { value: removed, repeated } = await kube.deleteAll(selection, call);
  return { found: removed.length > 0 || repeated, uids: removed.map(({ metadata }) => metadata?.uid ?? '') };
}

/**
 * Of a server whose starts have names of their own; nothing else tells that the hub has given them up. Fails with 409 when
 * a later one is there.
 */
export async function removeEarlierStarts(context: ServiceContext, { start }: Anchor, call: Call): Promise<void> {
  const labelSelector = earlierStartsSelector(start);
  if (labelSelector === undefined) return;
  const { items } = await context.kube.list({ ...configMaps(context.settings.namespace), labelSelector }, call);
  const others = items.map(toAnchor).filter((other) => isSameServer(other.start, start));
  if (others.some((other) => isOvertakenBy(start, other))) throw overtaken(start);
  const earlier = others.filter((other) => other.start.startDate < start.startDate);
  await Promise.all(earlier.map(async (other) => removeAnchor(context, other, call)));
}

/** Tells whether it was still there. */
export async function removeAnchor(
  { kube, settings }: ServiceContext,
  { name, uid }: Anchor,
  call: Call,
): Promise<boolean> {
  return kube.delete({ ...configMaps(settings.namespace), name }, { uid }, call);
}

/** The anchor as the owner of what is created for it. */
export function ownerOf(anchor: Anchor, namespace: string): Owner {
  return { anchor: anchor.object, labels: ownedLabels(anchor), namespace };
}

/** Undefined when the name is taken, perhaps by an earlier attempt of this very request. */
export async function createUnlessTaken(
  { kube }: ServiceContext,
  manifest: KubeObject,
  call: Call,
): Promise<KubeObject | undefined> {
  try {
    return await kube.create(manifest, call);
  } catch (error) {
    if (hasCode(error, 'already_exists')) return undefined;
    throw error;
  }
}

async function findAnchor({ kube, settings }: ServiceContext, sought: Required<Sought>, call: Call) {
  const name = anchorName(sought);
  const found = await kube.get<KubeObject>({ ...configMaps(settings.namespace), name }, call);
  if (found === undefined) return undefined;
  const anchor = isAnchor(found) ? toAnchor(found) : undefined;
  if (anchor !== undefined && isSought(anchor.start, sought)) return anchor;
  throw new AppError('name_taken', 409, `ConfigMap ${name} exists already and belongs to something else.`);
}

/** A start that was held up finds those that came after it. */
function isOvertakenBy({ startDate }: Start, other: Anchor): boolean {
  return other.ending === undefined && other.start.startDate > startDate;
}

function isSameServer(a: Start, b: Start): boolean {
  return a.credential === b.credential && a.server === b.server;
}

/** Labels hold hashes only; what they select is compared in full. */
function isSought({ credential, servername }: Start, sought: Sought): boolean {
  return credential === sought.credential && servername === (sought.servername ?? servername);
}

function conflict({ servername, startId }: Start): AppError {
  const message = `Service ${servername} with start id ${startId} exists already and was started by another request.`;
  return new AppError('start_conflict', 409, message);
}

function overtaken({ servername, startId }: Start): AppError {
  return new AppError(
    'start_overtaken',
    409,
    `Start ${startId} of service ${servername} was overtaken by a later one.`,
  );
}

function isOlder(a: Anchor, b: Anchor): boolean {
  return a.start.startDate === b.start.startDate ? a.name < b.name : a.start.startDate < b.start.startDate;
}

function configMaps(namespace: string): Collection {
  return { apiVersion: 'v1', kind: 'ConfigMap', namespace };
}
