// Writes down what a job or a set was, how it ended and what it said, and only then marks it as captured; killed at any point, a repeat goes on.
import { AppError } from '../../../lib/errors';
import { jobState } from '../../../lib/jobs/jobState';
import { readRecord, RECORD_KIND, recordText, type JobRecord } from '../../../lib/jobs/record';
import { hasCode } from '../../../lib/kube/errors';
import type { KubeObject } from '../../../lib/kube/objects';
import type { ObjectRef } from '../../../lib/kube/resources';
import { ANNOTATIONS, LABELS, MANAGED_BY } from '../../../lib/labels';
import type { Pod } from '../../../lib/status/observed';
import type { Context } from '../context';
import { endedAt } from '../jobs/endedAt';
import { remove, type Run } from '../run';
import { deletionOf } from '../tally';
import { captureLogs, type Captured } from './captureLogs';
import { folderKeeper } from './folderKeeper';
import { recordKeeper, type Keeper } from './keeper';
import { goneOf, piecesOf, type Piece } from './pieces';
import { digestOf, recordedJob, recordManifest, roomForLogs } from './recordManifest';

const CONFIG_MAP = { apiVersion: 'v1', kind: 'ConfigMap' } as const;

export interface Over {
  readonly job: KubeObject;
  readonly pods: readonly Pod[];
  /** What cannot be read now is recorded as lost. */
  readonly isLastChance: boolean;
}

/** What is written down, and where it is marked that it was. */
export interface Subject extends Pick<Over, 'isLastChance'> {
  /** As the record has it. */
  readonly recorded: KubeObject;
  readonly pieces: readonly Piece[];
  readonly tell: (logs: Captured) => JobRecord;
  readonly marked: ObjectRef & { readonly uid: string | undefined };
  /** Annotations that go with the mark. */
  readonly notes?: Readonly<Record<string, string>>;
}

/** Answers the Job as it is then; undefined when it went meanwhile. */
export async function captureJob(
  context: Context,
  run: Run,
  over: Over,
): Promise<KubeObject | 'postponed' | undefined> {
  const recorded = recordedJob(over.job);
  const { name = '', uid } = over.job.metadata ?? {};
  return capture(context, run, {
    recorded,
    pieces: piecesOf(over.pods),
    tell: (logs) => recordOf(over, recorded, logs),
    marked: { apiVersion: 'batch/v1', kind: 'Job', namespace: context.settings.namespace, name, uid },
    notes: {
      [ANNOTATIONS.endedAt]: new Date(endedAt(over.job)).toISOString(),
      [ANNOTATIONS.capturedGeneration]: String(over.job.metadata?.generation ?? 0),
    },
    isLastChance: over.isLastChance,
  });
}

/** Answers the marked object as it is then; undefined when it went meanwhile. */
export async function capture(
  context: Context,
  run: Run,
  subject: Subject,
): Promise<KubeObject | 'postponed' | undefined> {
  const { recorded, pieces, isLastChance, tell, marked, notes = {} } = subject;
  const keeper = keeperFor(context, recorded, pieces.length);
  const logs = await captureLogs(context, run, { isLastChance, pieces, keeper });
  if (logs === 'postponed') {
    run.tally.add('postponed');
    return logs;
  }
  const told = tell(logs);
  const record = await createOrFind(context, run, recordManifest(told, keeper.binaryData()));
  run.tally.add('captured');
  run.tally.add('lost', told.attempts.filter(({ lost }) => lost !== undefined).length);
  return markCaptured(context, run, { marked, notes, record });
}

function keeperFor({ settings }: Context, job: KubeObject, logs: number): Keeper {
  const { folder, limit_bytes: limit } = settings.policy.capture;
  if (folder !== undefined) return folderKeeper(folder, job.metadata?.name ?? '');
  return recordKeeper(Math.min(limit, roomForLogs(job, logs)));
}

function recordOf(over: Over, job: KubeObject, { attempts, lastLines }: Captured): JobRecord {
  const state = { ...jobState(over.job, over.pods), lastLines };
  const all = [...goneOf(over.job, over.pods), ...attempts];
  return { job, state, endedAt: new Date(endedAt(over.job)).toISOString(), attempts: all };
}

async function createOrFind(context: Context, run: Run, manifest: KubeObject): Promise<KubeObject> {
  try {
    return await context.kube.create(manifest, run.work);
  } catch (error) {
    if (!hasCode(error, 'already_exists')) throw error;
    return (await findSame(context, run, manifest)) ?? context.kube.create(manifest, run.work);
  }
}

/** Of an attempt that was killed, or of another reaper. One of an earlier job of this id gives way. */
async function findSame(context: Context, run: Run, manifest: KubeObject): Promise<KubeObject | undefined> {
  const { namespace, name = '' } = manifest.metadata ?? {};
  const found = await context.kube.get<KubeObject>({ ...CONFIG_MAP, namespace, name }, run.work);
  if (found === undefined || jobUidOf(found) === jobUidOf(manifest)) return found;
  const { labels = {} } = found.metadata ?? {};
  if (labels[LABELS.kind] !== RECORD_KIND || labels[LABELS.managedBy] !== MANAGED_BY) {
    throw new AppError('name_taken', 409, `ConfigMap ${name} exists already and belongs to something else.`);
  }
  await remove(context, run, deletionOf(CONFIG_MAP, found, 'job_record_replaced'));
  return undefined;
}

function jobUidOf(record: KubeObject): string | undefined {
  return readRecord(record)?.job.metadata?.uid;
}

async function markCaptured(
  { kube, log }: Context,
  { work }: Run,
  { marked, notes, record }: Pick<Subject, 'marked' | 'notes'> & { readonly record: KubeObject },
): Promise<KubeObject | undefined> {
  const { uid, ...ref } = marked;
  const phase = record.metadata?.labels?.[LABELS.phase];
  const digest = digestOf(recordText(record));
  log.info('captured a job', { name: ref.name, phase, digest });
  const annotations = { [ANNOTATIONS.captured]: digest, ...notes };
  return kube.mergePatch<KubeObject>(ref, { metadata: { uid, labels: { [LABELS.phase]: phase }, annotations } }, work);
}
