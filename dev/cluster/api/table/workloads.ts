// What kubectl shows of the kinds that make pods.
import type { KubeObject } from '../../../../lib/kube/objects';
import { at, fields, items } from '../json';
import { AGE, column, NAME, numberAt, SELECTOR_COLUMN, TEMPLATE_COLUMNS, textAt, type Column } from './column';
import { ageOf, shortDuration } from './duration';

const REPLICA_COLUMNS: readonly Column[] = [
  NAME,
  column('Desired', (object) => numberAt(object, 'spec.replicas', 1)),
  column('Current', (object) => numberAt(object, 'status.replicas')),
  column('Ready', (object) => numberAt(object, 'status.readyReplicas')),
  AGE,
  ...TEMPLATE_COLUMNS,
  SELECTOR_COLUMN,
];

export const WORKLOAD_COLUMNS: Readonly<Record<string, readonly Column[]>> = {
  ReplicaSet: REPLICA_COLUMNS,
  ReplicationController: REPLICA_COLUMNS,
  Deployment: [
    NAME,
    column('Ready', readyOfDesired),
    column('Up-to-date', (object) => numberAt(object, 'status.updatedReplicas')),
    column('Available', (object) => numberAt(object, 'status.availableReplicas')),
    AGE,
    ...TEMPLATE_COLUMNS,
    SELECTOR_COLUMN,
  ],
  StatefulSet: [NAME, column('Ready', readyOfDesired), AGE, ...TEMPLATE_COLUMNS],
  DaemonSet: [
    NAME,
    column('Desired', (object) => numberAt(object, 'status.desiredNumberScheduled')),
    column('Current', (object) => numberAt(object, 'status.currentNumberScheduled')),
    column('Ready', (object) => numberAt(object, 'status.numberReady')),
    column('Up-to-date', (object) => numberAt(object, 'status.updatedNumberScheduled')),
    column('Available', (object) => numberAt(object, 'status.numberAvailable')),
    AGE,
    ...TEMPLATE_COLUMNS,
    SELECTOR_COLUMN,
  ],
  Job: [
    NAME,
    column('Status', jobStatus),
    column('Completions', completions),
    column('Duration', jobDuration),
    AGE,
    ...TEMPLATE_COLUMNS,
    SELECTOR_COLUMN,
  ],
  CronJob: [
    NAME,
    column('Schedule', (object) => textAt(object, 'spec.schedule')),
    column('Timezone', (object) => textAt(object, 'spec.timeZone', '<none>')),
    column('Suspend', (object) => at(object, 'spec', 'suspend') === true),
    column('Active', (object) => items(at(object, 'status', 'active')).length),
    column('Last Schedule', lastSchedule),
    AGE,
    ...TEMPLATE_COLUMNS,
  ],
};

function readyOfDesired(object: KubeObject): string {
  return `${numberAt(object, 'status.readyReplicas')}/${numberAt(object, 'spec.replicas', 1)}`;
}

function jobStatus(job: KubeObject): string {
  const conditions = items(at(job.status, 'conditions')).map(fields);
  const isTrue = (type: string): boolean => conditions.some((one) => one.type === type && one.status === 'True');
  if (isTrue('Complete')) return 'Complete';
  if (isTrue('Failed')) return 'Failed';
  if (job.metadata?.deletionTimestamp !== undefined) return 'Terminating';
  if (isTrue('Suspended')) return 'Suspended';
  if (isTrue('FailureTarget')) return 'FailureTarget';
  return isTrue('SuccessCriteriaMet') ? 'SuccessCriteriaMet' : 'Running';
}

function completions(job: KubeObject): string {
  const succeeded = numberAt(job, 'status.succeeded');
  const wanted = at(job.spec, 'completions');
  if (typeof wanted === 'number') return `${succeeded}/${wanted}`;
  const parallelism = numberAt(job, 'spec.parallelism');
  return parallelism > 1 ? `${succeeded}/1 of ${parallelism}` : `${succeeded}/1`;
}

function jobDuration(job: KubeObject, now: Date): string {
  const start = textAt(job, 'status.startTime');
  if (start === '') return '';
  const end = textAt(job, 'status.completionTime');
  return shortDuration((end === '' ? now.getTime() : Date.parse(end)) - Date.parse(start));
}

function lastSchedule(cronJob: KubeObject, now: Date): string {
  const last = textAt(cronJob, 'status.lastScheduleTime');
  return last === '' ? '<none>' : ageOf(last, now);
}
