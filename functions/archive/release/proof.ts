// Whether a claim may be given up: only if all of it is in an archive that was read whole, and nobody has touched it since. Pure.
import type { Archive, Subject } from '../archive';
import type { Claim, UsingPod } from '../claims';
import { damageSince } from '../operation/outcome';
import { lastUseOf, type Usage } from '../usage';

export interface Evidence {
  readonly claim: Claim;
  /** Of its user: all archives, and the repository. */
  readonly subjects: readonly Subject[];
  readonly usage: Usage;
  /** Pods that hold it. */
  readonly users: readonly UsingPod[];
  readonly gapSeconds: number;
  readonly now: Date;
}

export type Proof = { readonly archive: Archive } | { readonly refused: string };

export function proofOf(evidence: Evidence): Proof {
  const { claim, subjects, users } = evidence;
  const { name, uid } = claim.metadata ?? {};
  if (users.length > 0) return { refused: `${inUseBy(users)} Stop that first.` };
  const candidates = archivesIn(subjects)
    .filter(({ record }) => record.claimUid === uid && record.snapshot !== undefined)
    .toSorted((a, b) => (b.record.readFrom ?? '').localeCompare(a.record.readFrom ?? ''));
  const [newest] = candidates;
  if (newest === undefined) return { refused: `Claim ${name} has no archive. Make one, and verify it.` };
  const proven = candidates.find((archive) => flawOf(archive, evidence) === undefined);
  return proven === undefined ? { refused: flawOf(newest, evidence) ?? '' } : { archive: proven };
}

function archivesIn(subjects: readonly Subject[]): readonly Archive[] {
  return subjects.flatMap((subject) => (subject.kind === 'archive' ? [subject] : []));
}

export function inUseBy(users: readonly UsingPod[]): string {
  return `It is in use by ${users.map(({ metadata }) => metadata?.name).join(', ')}.`;
}

const AGAIN = 'Make another archive, and verify it.';

function flawOf(archive: Archive, evidence: Evidence): string | undefined {
  return flawOfArchive(archive) ?? flawOfRepository(archive, evidence.subjects) ?? flawOfWatching(archive, evidence);
}

/** What was found whole may be lost by now, when something else in its repository is. */
function flawOfRepository({ record }: Archive, subjects: readonly Subject[]): string | undefined {
  const { id, verifiedAt = '' } = record;
  const damage = damageSince(subjects, verifiedAt);
  if (damage === undefined) return undefined;
  return `The repository of archive ${id} was found damaged after it was read whole: ${damage.reason}. Verify it again.`;
}

function flawOfArchive({ record, operation }: Archive): string | undefined {
  const { id, verifiedAt, changedWhileRead = 0 } = record;
  // Files that are read from it change nothing of what it proves.
  if (operation !== undefined && operation.verb !== 'serve')
    return `Archive ${id} is busy: ${operation.verb}. Try again when that is over.`;
  if (verifiedAt === undefined) return `Archive ${id} was never read whole. Verify it first.`;
  return changedWhileRead > 0 ? `Files were changed while archive ${id} was made. ${AGAIN}` : undefined;
}

/** Of the archive that is all there will be when the volume goes. */
export function flawBeforeEnd(id: string, subjects: readonly Subject[]): string | undefined {
  const archive = archivesIn(subjects).find(({ record }) => record.id === id);
  const isWhole = archive?.record.verifiedAt !== undefined && archive.operation?.verb !== 'delete';
  return isWhole ? flawOfRepository(archive, subjects) : `Archive ${id} is gone, or was found damaged.`;
}

function flawOfWatching({ record }: Archive, { claim, usage, gapSeconds, now }: Evidence): string | undefined {
  const { id } = record;
  if (lastUseOf(usage, claim, now).getTime() >= readAt(record))
    return `It was in use after archive ${id} was made. ${AGAIN}`;
  const { watched } = usage;
  if (watched === undefined || now.getTime() - Date.parse(watched.until) > gapSeconds * 1000) {
    return 'Nobody has looked who uses it: sweeps of this function do not run. See to that, and try again after one.';
  }
  if (Date.parse(watched.since) <= readAt(record)) return undefined;
  return `Nobody can tell whether it was used since archive ${id} was made: sweeps began later, or were interrupted. ${AGAIN}`;
}

/** Kubernetes tells whole seconds. What was changed in the first one, the mover has seen. */
const SECOND_MS = 1_000;

function readAt({ readFrom = '' }: Archive['record']): number {
  return Date.parse(readFrom) + SECOND_MS;
}
