// Brings one set as far as it can be brought now: captured, reaped, as the plan says. All that belongs to it goes with its anchor.
import { setObject } from '../../../lib/jobSets/setObject';
import { setState } from '../../../lib/jobSets/setState';
import { toJobSet, type JobSet } from '../../../lib/jobSets/jobSet';
import { anchorRef, readStages, type ReadStages } from '../../../lib/jobSets/readSet';
import type { RecordedPiece } from '../../../lib/jobs/record';
import { ANNOTATIONS } from '../../../lib/labels';
import { capture, type Subject } from '../capture/capture';
import { goneOf, piecesOf } from '../capture/pieces';
import { recordedJob } from '../capture/recordManifest';
import type { Context } from '../context';
import { remove, type Run } from '../run';
import { deletionOf, type Deletion, type Reason } from '../tally';
import { planSet, setEndedAt } from './plan';

const CONFIG_MAP = { apiVersion: 'v1', kind: 'ConfigMap' } as const;

/** Only as it was judged: somebody may mark it as one to be kept. */
export function reapingOfSet({ object }: JobSet, reason: Reason): Deletion {
  const { resourceVersion } = object.metadata ?? {};
  return { ...deletionOf(CONFIG_MAP, object, reason), ...(resourceVersion !== undefined && { resourceVersion }) };
}

interface Looked {
  readonly set: JobSet;
  readonly jobs?: ReadStages;
}

/** Answers the set as it is then; undefined when it is gone, or should be. */
export async function attendSet(context: Context, run: Run, set: JobSet): Promise<JobSet | undefined> {
  return attendLooked(context, run, { set });
}

async function attendLooked(context: Context, run: Run, looked: Looked): Promise<JobSet | undefined> {
  const { set, jobs = new Map() } = looked;
  const { kube, settings, clock } = context;
  const step = planSet(looked, settings.policy, clock());
  switch (step.do) {
    case 'nothing':
      return set;
    case 'look': {
      const read = await readStages({ kube, namespace: settings.namespace }, set, run.work);
      return attendLooked(context, run, { set, jobs: read });
    }
    case 'capture':
      return captureAndGoOn(context, run, { set, jobs, isLastChance: step.isLastChance });
    case 'reap':
      await remove(context, run, reapingOfSet(set, 'set_expired'));
      return undefined;
    default:
      return step satisfies never;
  }
}

interface Over {
  readonly set: JobSet;
  readonly jobs: ReadStages;
  readonly isLastChance: boolean;
}

async function captureAndGoOn(context: Context, run: Run, over: Over): Promise<JobSet | undefined> {
  const { set } = over;
  if (context.settings.isDryRun) {
    run.tally.add('captured');
    context.log.info('would capture a set', { set: set.id });
    return attendLooked(context, run, { set: asCaptured(set) });
  }
  const captured = await capture(context, run, subjectOf(context, over));
  // Postponed: the next sweep tries again.
  if (captured === 'postponed') return set;
  const after = captured && toJobSet(captured);
  return after && attendLooked(context, run, { set: after });
}

function subjectOf({ settings }: Context, { set, jobs, isLastChance }: Over): Subject {
  const state = setState({ set, jobs });
  const recorded = recordedJob(setObject(set, state));
  const pieces = set.stages.flatMap(({ name: stage }) =>
    piecesOf(jobs.get(stage)?.pods ?? []).map((piece) => ({ ...piece, stage })),
  );
  return {
    recorded,
    pieces,
    tell: ({ attempts, lastLines }) => ({
      job: recorded,
      state: { ...state, lastLines },
      endedAt: new Date(setEndedAt(set)).toISOString(),
      attempts: withGone({ set, jobs }, attempts),
    }),
    marked: { ...anchorRef(settings.namespace, set.id), uid: set.uid },
    isLastChance,
  };
}

/** Stage by stage, those without a pod first. */
function withGone({ set, jobs }: Pick<Over, 'set' | 'jobs'>, attempts: readonly RecordedPiece[]): RecordedPiece[] {
  return set.stages.flatMap(({ name: stage }) => {
    const read = jobs.get(stage);
    const gone = read === undefined ? [] : goneOf(read.job, read.pods);
    return [...gone.map((piece) => ({ ...piece, stage })), ...attempts.filter((piece) => piece.stage === stage)];
  });
}

/** As it would be, for a dry run: whether it went then is told, too. */
function asCaptured(set: JobSet): JobSet {
  const { metadata } = set.object;
  const annotations = { ...metadata?.annotations, [ANNOTATIONS.captured]: 'dry run' };
  return { ...set, object: { ...set.object, metadata: { ...metadata, annotations } } };
}
