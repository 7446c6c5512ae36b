// When claims were in use, as sweeps have seen it: what is idle, and what has not been touched since it was archived. Pure.
import type { KubeObject } from '../../lib/kube/objects';
import { isRecord, parseJson } from '../../lib/record';
import { hasEnded, statusesOf } from '../../lib/jobs/attempts';
import { claimsOf, isMover, type Claim, type UsingPod } from './claims';
import { labelsOf, USAGE_NAME } from './names';

/** ISO times. */
export interface Watched {
  /** Sweeps have followed each other closely since then, */
  readonly since: string;
  /** and until then. */
  readonly until: string;
}

interface Use {
  readonly uid: string;
  /** Of the end of the last use; absent while it lasts. */
  readonly until: string | undefined;
}

export interface Usage {
  readonly watched: Watched | undefined;
  /** By name of the claim. */
  readonly uses: ReadonlyMap<string, Use>;
  readonly object: KubeObject | undefined;
}

const WATCHED = 'watched';
const CLAIM = 'claim.';
const IN_USE = '-';

export function readUsage(object: KubeObject | undefined): Usage {
  const data = isRecord(object?.['data']) ? object['data'] : {};
  const uses = Object.entries(data).flatMap(([key, value]) => {
    if (!key.startsWith(CLAIM) || typeof value !== 'string') return [];
    const [uid = '', until] = value.split(' ');
    return [[key.slice(CLAIM.length), { uid, until: until === IN_USE ? undefined : until }] as const];
  });
  const watched = typeof data[WATCHED] === 'string' ? parseJson(data[WATCHED]) : undefined;
  return { watched: isWatched(watched) ? watched : undefined, uses: new Map(uses), object };
}

function isWatched(value: unknown): value is Watched {
  return isRecord(value) && typeof value['since'] === 'string' && typeof value['until'] === 'string';
}

export interface Sight {
  readonly claims: readonly Claim[];
  readonly pods: readonly UsingPod[];
  readonly gapSeconds: number;
  /** When the looking began: who came later may not have been seen. */
  readonly from: Date;
  /** When it had ended: who was not seen has let go by then. */
  readonly now: Date;
}

/** What the next sweep has to know: entries that changed, null for those of claims that are gone. */
export function usageChanges(usage: Usage, sight: Sight): Readonly<Record<string, string | null>> {
  const { claims, now } = sight;
  const present = new Set(claims.map(({ metadata }) => metadata?.name ?? ''));
  const gone = [...usage.uses.keys()].filter((name) => !present.has(name)).map((name) => [CLAIM + name, null] as const);
  const seen = lastSeen(sight.pods, now);
  const changed = claims.flatMap(({ metadata }) => {
    const { name = '', uid = '' } = metadata ?? {};
    const before = usage.uses.get(name);
    const after = nextUse(before?.uid === uid ? before : undefined, { uid, seen: seen.get(name) }, now);
    return after === undefined || isSame(before, after) ? [] : [[CLAIM + name, textOf(after)] as const];
  });
  return Object.fromEntries([...gone, ...changed, [WATCHED, JSON.stringify(nextWatched(usage, sight))]]);
}

type Seen = { readonly isNow: true } | { readonly isNow: false; readonly at: string };

/** In use, or when a pod that is still listed has ended. */
function lastSeen(pods: readonly UsingPod[], now: Date): ReadonlyMap<string, Seen> {
  const seen = new Map<string, Seen>();
  for (const pod of pods.filter((each) => !isMover(each))) {
    const sight: Seen = hasEnded(pod) ? { isNow: false, at: endOf(pod) ?? now.toISOString() } : { isNow: true };
    for (const claim of claimsOf(pod)) {
      const before = seen.get(claim);
      if (before === undefined || sight.isNow || (!before.isNow && before.at < sight.at)) seen.set(claim, sight);
    }
  }
  return seen;
}

function endOf(pod: UsingPod): string | undefined {
  const ends = statusesOf(pod).flatMap(({ state }) => state?.terminated?.finishedAt ?? []);
  return ends.toSorted().at(-1);
}

function nextUse(
  before: Use | undefined,
  { uid, seen }: { readonly uid: string; readonly seen: Seen | undefined },
  now: Date,
): Use | undefined {
  if (seen?.isNow === true) return { uid, until: undefined };
  // It was seen in use by the last sweep, and has been let go since.
  if (before !== undefined && before.until === undefined) return { uid, until: now.toISOString() };
  if (seen === undefined) return before;
  return before?.until !== undefined && Date.parse(before.until) >= Date.parse(seen.at)
    ? before
    : { uid, until: seen.at };
}

function isSame(before: Use | undefined, after: Use): boolean {
  return before?.uid === after.uid && before.until === after.until;
}

function textOf({ uid, until = IN_USE }: Use): string {
  return `${uid} ${until}`;
}

function nextWatched({ watched }: Usage, { from, gapSeconds }: Sight): Watched {
  const until = from.toISOString();
  const isClose = watched !== undefined && from.getTime() - Date.parse(watched.until) <= gapSeconds * 1000;
  return { since: isClose ? watched.since : until, until };
}

/** That nobody holds a claim now which was seen in use; undefined where that is known already. */
export function freeChange(
  { uses }: Usage,
  { metadata }: Claim,
  now: Date,
): Readonly<Record<string, string>> | undefined {
  const { name = '', uid = '' } = metadata ?? {};
  const use = uses.get(name);
  if (use === undefined || use.uid !== uid || use.until !== undefined) return undefined;
  return { [CLAIM + name]: textOf({ uid, until: now.toISOString() }) };
}

/** As far as anybody knows: a claim that was never seen in use has been so when it was made. */
export function lastUseOf({ uses }: Usage, { metadata }: Claim, now: Date): Date {
  const use = uses.get(metadata?.name ?? '');
  if (use === undefined || use.uid !== metadata?.uid) return new Date(metadata?.creationTimestamp ?? now);
  return use.until === undefined ? now : new Date(use.until);
}

export function usageManifest(namespace: string, data: Readonly<Record<string, string | null>>): KubeObject {
  const given = Object.entries(data).filter(([, value]) => value !== null);
  const metadata = { name: USAGE_NAME, namespace, labels: labelsOf(USAGE_NAME, {}) };
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata, data: Object.fromEntries(given) };
}
