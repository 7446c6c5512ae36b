// What a mover said when it ended, and what follows from it for the record of an archive or a repository. Pure.
import * as z from 'zod';
import { inOrder, statusesOf } from '../../../lib/jobs/attempts';
import { jobState } from '../../../lib/jobs/jobState';
import type { ObservedJob } from '../../../lib/jobs/observedJob';
import { parseJson } from '../../../lib/record';
import type { Pod, Terminated } from '../../../lib/status/observed';
import type { ArchiveRecord, Last, RepositoryRecord, Subject } from '../archive';
import type { Operation } from './operation';

const count = z.number().min(0);

const saidSchema = z.object({
  outcome: z.enum(['done', 'failed']),
  reason: z.string().max(64).optional(),
  message: z.string().max(2_000).optional(),
  snapshot: z.string().max(64).optional(),
  files: count.optional(),
  bytes: count.optional(),
  added: count.optional(),
  changedWhileRead: count.optional(),
  treeDigest: z.string().max(128).optional(),
  newestChange: z.string().max(40).optional(),
});

export interface Outcome extends z.infer<typeof saidSchema> {
  /** ISO times of the mover that said it. */
  readonly startedAt?: string | undefined;
  readonly endedAt: string;
}

/** Of a Job that is over: what its last pod said, or that it could say nothing. */
export function outcomeOf(job: ObservedJob, pods: readonly Pod[], now: Date): Outcome {
  const ends = inOrder(pods).flatMap((pod) => statusesOf(pod).flatMap(({ state }) => state?.terminated ?? []));
  const last = ends.at(-1);
  const times = timesOf(last, now);
  const said = last && saidBy(last);
  if (said !== undefined) return { ...said, ...times };
  const { message } = jobState(job, pods);
  const told = `The mover ended without saying how: ${message} It is tried again by the next sweep, or when it is asked for.`;
  return { outcome: 'failed', reason: 'Interrupted', message: told, ...times };
}

/** A mover that was killed after it had written has not said that it is done. */
function saidBy({ message, exitCode }: Terminated): z.infer<typeof saidSchema> | undefined {
  const said = saidSchema.safeParse(parseJson(message ?? '')).data;
  return said?.outcome === 'failed' || exitCode === 0 ? said : undefined;
}

function timesOf(last: Terminated | undefined, now: Date): Pick<Outcome, 'startedAt' | 'endedAt'> {
  return { startedAt: last?.startedAt ?? undefined, endedAt: last?.finishedAt ?? now.toISOString() };
}

export function failed(reason: string, message: string, now: Date): Outcome {
  return { outcome: 'failed', reason, message, endedAt: now.toISOString() };
}

/** Reasons that say something of all that is in the repository. */
const REPOSITORY_DAMAGE = ['WrongKey', 'NoRepository', 'RepositoryDamaged'];
/** And of the archive, not of the attempt. */
const DAMAGE: ReadonlySet<string> = new Set([...REPOSITORY_DAMAGE, 'SnapshotMissing', 'DigestMismatch']);

/** Told of anything in a user's repository after a time; it casts doubt on what was found whole before. */
export function damageSince(subjects: readonly Subject[], time: string): Last | undefined {
  const told = subjects.flatMap(({ record }) => record.last ?? []);
  return told.find(
    ({ outcome, reason = '', endedAt }) =>
      outcome === 'failed' && REPOSITORY_DAMAGE.includes(reason) && Date.parse(endedAt) > Date.parse(time),
  );
}

/** Reasons of a backup that never began, or has looked for what attempts before it left, and then refused. */
const NOTHING_LEFT: ReadonlySet<string> = new Set([
  'ClaimMissing',
  'ClaimEmpty',
  'WrongKey',
  'SourceEmpty',
  'SourceTruncated',
  'FilesChanged',
]);

/** Of an archive that holds nothing by its record: a mover may have been killed before it could tell what it had written. */
export function mayHoldSomething({ snapshot, last }: ArchiveRecord): boolean {
  return snapshot !== undefined || last?.verb !== 'backup' || !NOTHING_LEFT.has(last.reason ?? '');
}

/** Undefined: there is nothing left to keep a record of. */
export function recordAfter(
  subject: Subject,
  operation: Operation,
  outcome: Outcome,
): ArchiveRecord | RepositoryRecord | undefined {
  const last = lastOf(operation, outcome);
  if (subject.kind === 'archive-repository') return { ...afterRotation(subject.record, operation, outcome), last };
  const isGone = operation.verb === 'delete' && (outcome.outcome === 'done' || outcome.reason === 'SnapshotMissing');
  return isGone ? undefined : { ...afterOperation(subject.record, operation, outcome), last };
}

function lastOf({ id, verb, target }: Operation, { outcome, reason, message, endedAt }: Outcome): Last {
  const claim = target !== undefined && !target.isScratch && outcome === 'done' ? target.claim : undefined;
  return { id, verb, outcome, reason, message, endedAt, claim };
}

function afterRotation(record: RepositoryRecord, { verb }: Operation, { outcome, endedAt }: Outcome): RepositoryRecord {
  const isRotated = verb === 'rotate' && outcome === 'done';
  return isRotated ? { ...record, generation: record.generation + 1, since: endedAt } : record;
}

function afterOperation(record: ArchiveRecord, { verb }: Operation, outcome: Outcome): ArchiveRecord {
  if (outcome.outcome === 'failed') return DAMAGE.has(outcome.reason ?? '') ? unproven(record) : record;
  if (verb === 'backup') return { ...record, ...foundBy(outcome) };
  if (verb === 'verify') return { ...record, verifiedAt: outcome.endedAt };
  return verb === 'drill' ? { ...record, drilledAt: outcome.endedAt } : record;
}

function unproven({ verifiedAt: _verified, drilledAt: _drilled, ...record }: ArchiveRecord): ArchiveRecord {
  return record;
}

function foundBy(outcome: Outcome): Partial<ArchiveRecord> {
  const { snapshot, files, bytes, added, changedWhileRead, treeDigest, newestChange, startedAt, endedAt } = outcome;
  const found = { snapshot, files, bytes, added, changedWhileRead, treeDigest, newestChange };
  return { ...found, readFrom: startedAt ?? endedAt, archivedAt: endedAt };
}
