// Runs Jobs to their end, counts how their pods ended, and removes them when their time to live is over.
import { JOBS, PODS, type Client } from './client';
import { planJob, TRACKING_FINALIZER, type JobPlan } from './jobPlan';
import { finishTime, isJobFinished, jobStatus } from './jobStatus';
import { keysOfKind, parseKey } from './ownership';
import { createPod, deletePod } from './podTemplate';
import type { Controller } from './reconcile';
import type { ControllerContext } from './replicaSets';
import type { Job, Pod, Values } from './wire';

export interface JobContext extends ControllerContext {
  /** First delay before a failed pod is replaced. */
  readonly backOffBaseMs: number;
}

export function jobs(context: JobContext): Controller {
  return {
    name: 'job',
    keysOf: (event) => keysOfKind('Job', event),
    reconcile: (key) => {
      const { namespace, name } = parseKey(key);
      const job = context.client.get(JOBS, namespace, name);
      releaseOrphans(context.client, key, job);
      if (job === undefined || job.metadata.deletionTimestamp !== undefined) return undefined;
      return isJobFinished(job) ? expire(context, job) : advance(context, job);
    },
  };
}

function podsOf(client: Client, job: Job): readonly Pod[] {
  return client.controlledBy(PODS, job);
}

/** Pods of a Job that is gone or going are not counted any more. */
function releaseOrphans(client: Client, key: string, job: Job | undefined): void {
  if (job !== undefined && job.metadata.deletionTimestamp === undefined) return;
  const { namespace, name } = parseKey(key);
  const held = client.list(PODS, namespace).filter(({ metadata }) => metadata.finalizers?.includes(TRACKING_FINALIZER));
  for (const pod of held) {
    const owner = pod.metadata.ownerReferences?.find((ref) => ref.controller === true);
    if (owner?.kind === 'Job' && owner.name === name) release(client, pod);
  }
}

function release(client: Client, pod: Pod): void {
  client.modify(PODS, pod, (latest) => {
    const finalizers = latest.metadata.finalizers?.filter((finalizer) => finalizer !== TRACKING_FINALIZER);
    return { ...latest, metadata: { ...latest.metadata, finalizers: finalizers ?? [] } };
  });
}

function expire({ client, clock }: JobContext, job: Job): number | undefined {
  for (const pod of podsOf(client, job)) release(client, pod);
  const { ttlSecondsAfterFinished } = job.spec;
  if (ttlSecondsAfterFinished === undefined) return undefined;
  const leftMs = finishTime(job) + ttlSecondsAfterFinished * 1000 - clock().getTime();
  if (leftMs > 0) return leftMs;
  client.remove(JOBS.type, job, { propagationPolicy: 'Foreground' });
  return undefined;
}

function advance(context: JobContext, job: Job): number | undefined {
  const { client, record, clock, backOffBaseMs } = context;
  const plan = planJob(job, { pods: podsOf(client, job), now: clock(), backOffBaseMs });
  const failure = applyPlan(context, job, plan);
  const status = jobStatus(job, plan, { pods: podsOf(client, job), now: clock() });
  client.modify(JOBS, job, (latest) => ({ ...latest, status }));
  for (const pod of plan.counted) release(client, pod);
  const after = { ...job, status };
  if (isJobFinished(after)) recordEnd(record, after, plan);
  if (failure !== undefined) throw failure;
  return plan.againMs;
}

/** Answers the error of a pod that was refused; the status is written in any case. */
function applyPlan({ client, record }: JobContext, job: Job, plan: JobPlan): unknown {
  for (const pod of plan.remove) deletePod(client, record, { owner: job, pod });
  try {
    for (let created = 0; created < plan.create; created += 1) {
      createPod(client, record, { owner: job, template: trackedTemplate(job), labels: labelsOf(job) });
    }
  } catch (error) {
    return error;
  }
  return undefined;
}

function trackedTemplate({ spec }: Job): Job['spec']['template'] {
  const { metadata, ...rest } = spec.template;
  return { ...rest, metadata: { ...metadata, finalizers: [...(metadata?.finalizers ?? []), TRACKING_FINALIZER] } };
}

function labelsOf({ metadata }: Job): Values {
  return {
    'batch.kubernetes.io/controller-uid': metadata.uid,
    'batch.kubernetes.io/job-name': metadata.name,
    'controller-uid': metadata.uid,
    'job-name': metadata.name,
  };
}

function recordEnd(record: JobContext['record'], job: Job, { outcome }: JobPlan): void {
  if (outcome?.type === 'FailureTarget') {
    record(job, { type: 'Warning', reason: outcome.reason, message: outcome.message });
  } else {
    record(job, { type: 'Normal', reason: 'Completed', message: 'Job completed' });
  }
}
