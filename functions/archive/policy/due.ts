// What the policy asks for now. Pure.
//
// | what       | of what                                       | when                                                              |
// | ---------- | --------------------------------------------- | ----------------------------------------------------------------- |
// | back up    | a claim with a user, bound, not being filled  | idle for `idle_days`, and not archived since it was used last     |
// | verify     | an archive that was never read whole          | `verify` is on                                                    |
// | drill      | the newest archive of a claim                 | `drill_days` after one was drilled, or else the first was made    |
// | delete     | an archive that no rule keeps                 | always; never one that a released claim may be restored from      |
// | delete     | an archive that never told what it holds      | `failed_days` after it was asked for                              |
// | rotate     | a repository                                  | `rotate_days` after its key was made                              |
// | forget     | an archive that surely holds nothing          | `failed_days` after it was asked for                              |
//
// What failed is tried again after `retry_hours`; what something is being done with is left alone.
import { globMatcher } from '../../../lib/glob';
import { isUnfilled } from '../../../lib/restoring';
import type { Archive, Repository, Subject } from '../archive';
import { userOf, type Claim } from '../claims';
import type { ArchiveConfig } from '../configFile';
import type { Verb } from '../operation/operation';
import { mayHoldSomething } from '../operation/outcome';
import { lastUseOf, type Usage } from '../usage';
import { superfluous } from './retention';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

export interface Seen {
  readonly claims: readonly Claim[];
  readonly subjects: readonly Subject[];
  readonly usage: Usage;
  /** Uids of claims that are being released or brought back: another one of the name is like any other. */
  readonly releasing: ReadonlySet<string>;
  /** Ids of archives that those are proven by. */
  readonly needed: ReadonlySet<string>;
}

export interface Due {
  readonly backups: readonly { readonly claim: string; readonly key: string }[];
  readonly operations: readonly { readonly subject: Subject; readonly verb: Verb }[];
  readonly forgotten: readonly Archive[];
}

export function dueNow(seen: Seen, config: ArchiveConfig, now: Date): Due {
  const archives = seen.subjects.flatMap((subject) => (subject.kind === 'archive' ? [subject] : []));
  const repositories = seen.subjects.flatMap((subject) => (subject.kind === 'archive-repository' ? [subject] : []));
  const families = [...familiesOf(archives).values()];
  const resting = families.map((family) => family.filter(({ operation }) => operation === undefined));
  const operations = [
    ...resting
      .flat()
      .filter((archive) => isToVerify(archive, config, now))
      .map((subject) => ({ subject, verb: 'verify' as const })),
    ...families
      .flatMap((family) => toDelete(family, { config, seen, now }))
      .map((subject) => ({ subject, verb: 'delete' as const })),
    ...repositories
      .filter((each) => isToRotate(each, config, now))
      .map((subject) => ({ subject, verb: 'rotate' as const })),
    // They come back by themselves, and can wait for what happens once.
    ...families
      .flatMap((family) => toDrill(family, config, now))
      .map((subject) => ({ subject, verb: 'drill' as const })),
  ];
  return {
    backups: backupsOf({ ...seen, archives }, config, now),
    operations: onePerSubject(operations),
    forgotten: archives.filter((archive) => isToForget(archive, config, now)),
  };
}

function onePerSubject(operations: Due['operations']): Due['operations'] {
  const taken = new Set<string>();
  return operations.filter(({ subject }) => !taken.has(subject.uid) && taken.add(subject.uid));
}

/** Archives of one claim of one user. */
function familiesOf(archives: readonly Archive[]): ReadonlyMap<string, readonly Archive[]> {
  const families = new Map<string, Archive[]>();
  for (const archive of archives) {
    const key = JSON.stringify([archive.record.user, archive.record.claim]);
    const family = families.get(key);
    if (family === undefined) families.set(key, [archive]);
    else family.push(archive);
  }
  return families;
}

function isToVerify({ record }: Archive, config: ArchiveConfig, now: Date): boolean {
  const isMade = record.snapshot !== undefined && record.verifiedAt === undefined;
  return config.verify && isMade && !hasFailedLately(record.last, config, now);
}

/** Whichever was drilled last counts: else who is archived often would have a newest one that is always too new. */
function toDrill(family: readonly Archive[], config: ArchiveConfig, now: Date): readonly Archive[] {
  const made = family
    .filter(({ record }) => record.snapshot !== undefined)
    .toSorted((a, b) => (a.record.archivedAt ?? '').localeCompare(b.record.archivedAt ?? ''));
  const newest = made.at(-1);
  if (newest === undefined || newest.operation !== undefined || config.drill_days === 0) return [];
  const drilledAt = latest(made.map(({ record }) => record.drilledAt));
  const isLongAgo = daysSince(drilledAt ?? made[0]?.record.archivedAt, now) >= config.drill_days;
  return isLongAgo && !hasFailedLately(newest.record.last, config, now) ? [newest] : [];
}

function toDelete(
  family: readonly Archive[],
  { config, seen, now }: { readonly config: ArchiveConfig; readonly seen: Seen; readonly now: Date },
): readonly Archive[] {
  const untold = family.filter((archive) => hasLongFailed(archive, config, now) && mayHoldSomething(archive.record));
  return [...superfluous(family, config.keep), ...untold].filter(
    ({ operation, record }) =>
      operation === undefined && !seen.needed.has(record.id) && !hasFailedLately(record.last, config, now),
  );
}

function isToRotate({ record, operation }: Repository, config: ArchiveConfig, now: Date): boolean {
  if (config.rotate_days === 0 || operation !== undefined) return false;
  return daysSince(record.since, now) >= config.rotate_days && !hasFailedLately(record.last, config, now);
}

function isToForget(archive: Archive, config: ArchiveConfig, now: Date): boolean {
  return hasLongFailed(archive, config, now) && !mayHoldSomething(archive.record);
}

function hasLongFailed({ record, operation }: Archive, { failed_days: days }: ArchiveConfig, now: Date): boolean {
  return record.snapshot === undefined && operation === undefined && daysSince(record.askedAt, now) >= days;
}

interface WithArchives extends Seen {
  readonly archives: readonly Archive[];
}

function backupsOf(seen: WithArchives, config: ArchiveConfig, now: Date): Due['backups'] {
  const { idle_days: idleDays } = config;
  if (idleDays === undefined) return [];
  const isMeant = globMatcher(config.claims);
  const byClaim = new Map<string, Archive[]>();
  for (const archive of seen.archives) {
    const same = byClaim.get(archive.record.claimUid);
    if (same === undefined) byClaim.set(archive.record.claimUid, [archive]);
    else same.push(archive);
  }
  return seen.claims.flatMap((claim) => {
    const { name = '', uid = '' } = claim.metadata ?? {};
    if (!isMeant(name) || seen.releasing.has(uid) || !isArchivable(claim, config)) return [];
    const lastUse = lastUseOf(seen.usage, claim, now);
    if (now.getTime() - lastUse.getTime() < idleDays * DAY_MS) return [];
    const since = (byClaim.get(uid) ?? []).filter(
      ({ record }) => Date.parse(record.readFrom ?? record.askedAt) > lastUse.getTime(),
    );
    if (since.some((archive) => standsFor(archive, config, now))) return [];
    return [{ claim: name, key: keyOf(uid, lastUse, since) }];
  });
}

/** The same wish has the same key in every sweep, and another one after each failure, also when older ones are forgotten. */
function keyOf(uid: string, lastUse: Date, failed: readonly Archive[]): string {
  return [uid, lastUse.toISOString(), latest(failed.map(({ record }) => record.askedAt))].join(' ');
}

function isArchivable(claim: Claim, config: ArchiveConfig): boolean {
  const { name, deletionTimestamp } = claim.metadata ?? {};
  const isRepository = 'claim' in config.repository && name === config.repository.claim;
  const isBound = claim.status?.phase === 'Bound' && deletionTimestamp === undefined;
  return isBound && !isUnfilled(claim) && !isRepository && userOf(claim, config) !== undefined;
}

/** It holds the claim as it is, or is about to, or has just failed to. */
function standsFor({ record, operation }: Archive, config: ArchiveConfig, now: Date): boolean {
  if (record.snapshot !== undefined || operation !== undefined) return true;
  return hasFailedLately(record.last, config, now);
}

function hasFailedLately(last: Archive['record']['last'], { retry_hours: hours }: ArchiveConfig, now: Date): boolean {
  if (last === undefined || last.outcome === 'done') return false;
  return now.getTime() - Date.parse(last.endedAt) < hours * HOUR_MS;
}

function latest(times: readonly (string | undefined)[]): string | undefined {
  return times
    .filter((time) => time !== undefined)
    .toSorted()
    .at(-1);
}

function daysSince(time: string | undefined, now: Date): number {
  return time === undefined ? Infinity : (now.getTime() - Date.parse(time)) / DAY_MS;
}
