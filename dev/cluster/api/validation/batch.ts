// What Jobs and CronJobs must satisfy.
import type { KubeObject } from '../../../../lib/kube/objects';
import { at, count, fields, isFields, text, type Fields } from '../json';
import { invalidValue, required, type Fault } from './fault';
import { podSpecFaults } from './podSpec';
import { selects } from './workload';

const COUNTS = ['parallelism', 'completions', 'backoffLimit', 'activeDeadlineSeconds', 'ttlSecondsAfterFinished'];
const RESTART_POLICIES = new Set(['OnFailure', 'Never']);

export const batchFaults: Readonly<Record<string, (object: KubeObject) => Fault[]>> = {
  Job: ({ spec }) => [...jobFaults(fields(spec), 'spec'), ...selectorFaults(fields(spec))],
  CronJob: ({ spec }) => [
    ...(text(at(spec, 'schedule')) === '' ? [required('spec.schedule')] : []),
    ...jobFaults(fields(at(spec, 'jobTemplate', 'spec')), 'spec.jobTemplate.spec'),
  ],
};

function jobFaults(spec: Fields, path: string): Fault[] {
  const negative = COUNTS.filter((field) => count(spec[field]) < 0);
  const podSpec = fields(at(spec, 'template', 'spec'));
  const isPolicy = RESTART_POLICIES.has(text(podSpec.restartPolicy));
  const policies = 'valid values: "OnFailure", "Never"';
  return [
    ...negative.map((field) => invalidValue(`${path}.${field}`, spec[field], 'must be greater than or equal to 0')),
    ...podSpecFaults({ restartPolicy: 'Always', ...podSpec }, `${path}.template.spec`),
    ...(isPolicy ? [] : [required(`${path}.template.spec.restartPolicy`, policies)]),
  ];
}

function selectorFaults(spec: Fields): Fault[] {
  if (!isFields(spec.selector)) return [required('spec.selector')];
  const labels = fields(at(spec, 'template', 'metadata', 'labels')) as Record<string, string>;
  if (selects(spec.selector, labels)) return [];
  return [invalidValue('spec.template.metadata.labels', labels, '`selector` does not match template `labels`')];
}
