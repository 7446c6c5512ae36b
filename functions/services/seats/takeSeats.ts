// Takes a seat of each limit for a start, or refuses it: the API server lets one object only have a name, so no limit is overshot.
import { AppError } from '../../../lib/errors';
import type { Call } from '../../../lib/kube/kube';
import type { KubeObject } from '../../../lib/kube/objects';
import { ownedBy } from '../../../lib/manifests/ownership';
import type { Anchor } from '../../../lib/services/anchor';
import { createUnlessTaken, ownerOf } from '../../../lib/services/anchors';
import { activeSelector } from '../../../lib/services/names';
import type { Context } from '../context';
import { placesFor, seatManifest, seatName, seatSelector, toSeat, type Limit, type Seat } from './seat';

/** When nobody knows when a place gets free. */
const RETRY_AFTER_SECONDS = 60;
const PAGE = 250;

/** One after the other: who waits for a flavor's seat has its user's already, so nobody is refused in vain. */
export async function takeSeats(
  context: Context,
  { anchor, limits }: { readonly anchor: Anchor; readonly limits: readonly Limit[] },
  call: Call,
): Promise<void> {
  for (const limit of limits) await takeSeat(context, { anchor, limit }, call);
}

export async function findSeats(
  { kube, settings }: Context,
  limit: Pick<Limit, 'scope'> | undefined,
  call: Call,
): Promise<readonly Seat[]> {
  const selection = { ...configMaps(settings.namespace), labelSelector: seatSelector(limit) };
  return (await kube.list(selection, call)).items.map(toSeat);
}

interface Taking {
  readonly anchor: Anchor;
  readonly limit: Limit;
}

async function takeSeat(context: Context, taking: Taking, call: Call): Promise<void> {
  const seats = await findSeats(context, taking.limit, call);
  if (seats.some(({ anchorUid }) => anchorUid === taking.anchor.uid)) return;
  if (await takeOneOf(context, { ...taking, names: freeNames(taking, seats) }, call)) return;
  const names = await clearAbandoned(context, taking, call);
  if (await takeOneOf(context, { ...taking, names }, call)) return;
  throw refusal(taking.limit, await findSeats(context, taking.limit, call), context.clock());
}

/** Counted, not only named: seats may be from a time, or of a user, with another maximum. */
function freeNames({ anchor, limit }: Taking, seats: readonly Seat[]): readonly string[] {
  if (seats.length >= limit.max) return [];
  const taken = new Set(seats.map(({ name }) => name));
  return placesFor(limit, anchor.uid)
    .map((place) => seatName(limit, place))
    .filter((name) => !taken.has(name));
}

async function takeOneOf(
  context: Context,
  { anchor, limit, names }: Taking & { readonly names: readonly string[] },
  call: Call,
): Promise<boolean> {
  const owner = ownerOf(anchor, context.settings.namespace);
  for (const name of names) {
    const seat = ownedBy(owner, seatManifest(limit, name, anchor.start));
    if ((await createUnlessTaken(context, seat, call)) !== undefined) return true;
    if (await isOwn(context, { anchor, name }, call)) return true;
  }
  return false;
}

/** Another attempt of this start, or an earlier one of this very request, may have been faster. */
async function isOwn(
  { kube, settings }: Context,
  { anchor, name }: { readonly anchor: Anchor; readonly name: string },
  call: Call,
): Promise<boolean> {
  const found = await kube.get<KubeObject>({ ...configMaps(settings.namespace), name }, call);
  return found !== undefined && toSeat(found).anchorUid === anchor.uid;
}

/**
 * Removes the seats of services that are gone, which Kubernetes does in its own time; answers their names. A seat is made
 * after its anchor and listed before it, so one whose anchor is not listed has none any more.
 */
async function clearAbandoned(context: Context, taking: Taking, call: Call): Promise<readonly string[]> {
  const { kube, settings } = context;
  const seats = await findSeats(context, taking.limit, call);
  const living = await livingAnchors(context, call);
  const abandoned = seats.filter(({ anchorUid }) => !living.has(anchorUid));
  await Promise.all(
    abandoned.map(async ({ name, uid }) => kube.delete({ ...configMaps(settings.namespace), name }, { uid }, call)),
  );
  return freeNames(
    taking,
    seats.filter((seat) => !abandoned.includes(seat)),
  );
}

/** Their uids; page by page, as a refusal is asked for again and again. */
async function livingAnchors({ kube, settings }: Context, call: Call): Promise<ReadonlySet<string>> {
  const selection = { ...configMaps(settings.namespace), labelSelector: activeSelector(), limit: PAGE };
  const uids = new Set<string>();
  for await (const page of kube.pages<KubeObject>(selection, call)) {
    for (const { metadata } of page) uids.add(metadata?.uid ?? '');
  }
  return uids;
}

function refusal({ refusal: what }: Limit, seats: readonly Seat[], now: Date): AppError {
  const freeAt = Math.min(...seats.map((seat) => seat.freeAt));
  const isKnown = Number.isFinite(freeAt);
  // At the earliest: the service ends with the next sweep after that.
  const seconds = isKnown ? Math.max(1, Math.ceil((freeAt - now.getTime()) / 1000)) : RETRY_AFTER_SECONDS;
  const when = isKnown
    ? `The run time of the next one ends at ${new Date(freeAt).toISOString()}.`
    : 'Nobody knows when one gets free: stop another server, or try again later.';
  return new AppError('limit_reached', 429, `${what} ${when}`, { retryAfterSeconds: seconds });
}

function configMaps(namespace: string) {
  return { apiVersion: 'v1', kind: 'ConfigMap', namespace };
}
