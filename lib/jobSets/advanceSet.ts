// Brings a set as far as it can be brought now. Every step may be repeated, by anybody, and may be the last that was made.
import { endJob } from '../jobs/endJob';
import type { EarlyEnd } from '../jobs/jobState';
import { hasCode } from '../kube/errors';
import type { Call } from '../kube/kube';
import type { KubeObject } from '../kube/objects';
import { endPatch, endsPatch, toJobSet, type JobSet, type Stage } from './jobSet';
import { anchorRef, readStages, type ReadStages, type Where } from './readSet';
import { newEnds, nextStep, type SetStep } from './setState';
import type { StageState } from './stageState';
import { startStage } from './startStage';

export interface Advancing extends Where {
  readonly clock: () => Date;
  /** A submission that is not complete by then is given up. */
  readonly submissionSeconds: number;
}

export interface Advanced {
  /** As it is then; undefined when it went meanwhile. */
  readonly set: JobSet | undefined;
  readonly did: SetStep['do'];
}

/** What is there now decides, not who asks. */
export async function advanceSet(context: Advancing, set: JobSet, call: Call): Promise<Advanced> {
  const jobs = await readStages(context, set, call);
  const step = nextStep({ set, jobs }, context.submissionSeconds, context.clock());
  const ends = newEnds({ set, jobs });
  switch (step.do) {
    case 'wait':
      return { set: await record(context, { set, ends }, call), did: step.do };
    case 'end':
      await endStages(context, { jobs, ...step }, call);
      return { set: await record(context, { set, ends }, call), did: step.do };
    case 'start':
      return start(context, { set, ends, stage: step.stage }, call);
    case 'finish': {
      const end = { state: step.state, endedAt: context.clock().toISOString() };
      return { set: await patched(context, { set, patch: endPatch(set, ends, end) }, call), did: step.do };
    }
    default:
      return step satisfies never;
  }
}

interface Ended {
  readonly set: JobSet;
  readonly ends: readonly StageState[];
}

/** The end of the one before is written down beside: killed in between, it is found again. */
async function start(
  context: Advancing,
  { set, ends, stage }: Ended & { readonly stage: Stage },
  call: Call,
): Promise<Advanced> {
  const [recorded, refused] = await Promise.all([
    record(context, { set, ends }, call),
    refusalOf(startStage(context, { set, stage }, call)),
  ]);
  if (refused === undefined || recorded === undefined) return { set: recorded, did: 'start' };
  const endedAt = context.clock().toISOString();
  const end = { name: stage.name, phase: 'failed', reason: 'StartRefused', message: refused, endedAt } as const;
  const after = await record(context, { set: recorded, ends: [end] }, call);
  // Another stage may be due now, or the set is over.
  return after === undefined ? { set: after, did: 'start' } : advanceSet(context, after, call);
}

/** What the API server will refuse again. */
async function refusalOf(work: Promise<void>): Promise<string | undefined> {
  try {
    await work;
    return undefined;
  } catch (error) {
    if (hasCode(error, 'invalid', 'bad_request', 'forbidden', 'name_taken')) return error.message;
    throw error;
  }
}

async function endStages(
  { kube }: Advancing,
  { jobs, stages, why }: { readonly jobs: ReadStages; readonly stages: readonly string[]; readonly why: EarlyEnd },
  call: Call,
): Promise<void> {
  await Promise.all(
    stages.flatMap((name) => {
      const stage = jobs.get(name);
      return stage === undefined ? [] : [endJob(kube, { job: stage.job, why }, call)];
    }),
  );
}

async function record(context: Where, { set, ends }: Ended, call: Call): Promise<JobSet | undefined> {
  return ends.length === 0 ? set : patched(context, { set, patch: endsPatch(set, ends) }, call);
}

async function patched(
  { kube, namespace }: Where,
  { set, patch }: { readonly set: JobSet; readonly patch: object },
  call: Call,
): Promise<JobSet | undefined> {
  const object = await kube.mergePatch<KubeObject>(anchorRef(namespace, set.id), patch, call);
  return object && toJobSet(object);
}
