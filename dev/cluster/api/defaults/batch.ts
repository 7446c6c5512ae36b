// Defaults of Jobs and CronJobs, with the labels by which a Job finds its pods.
import type { KubeObject } from '../../../../lib/kube/objects';
import { at, fields, isFields, type Fields } from '../json';
import { defaultPodSpec } from './pod';

const JOB_SPEC = {
  backoffLimit: 6,
  completionMode: 'NonIndexed',
  suspend: false,
  manualSelector: false,
};

const CRON_JOB_SPEC = {
  concurrencyPolicy: 'Allow',
  suspend: false,
  successfulJobsHistoryLimit: 3,
  failedJobsHistoryLimit: 1,
};

export const batchDefaults: Readonly<Record<string, (object: KubeObject) => KubeObject>> = {
  Job: jobDefaults,
  CronJob: (object) => {
    const spec = fields(object.spec);
    if (!isFields(at(spec, 'jobTemplate', 'spec'))) return object;
    const jobTemplate = { ...fields(spec.jobTemplate), spec: jobSpecDefaults(fields(at(spec, 'jobTemplate', 'spec'))) };
    return { ...object, spec: { ...CRON_JOB_SPEC, ...spec, jobTemplate } };
  },
};

function jobDefaults(job: KubeObject): KubeObject {
  if (!isFields(job.spec)) return job;
  const labels = job.metadata?.labels ?? {};
  const templateLabels = fields(at(job.spec, 'template', 'metadata', 'labels')) as Record<string, string>;
  const own = Object.keys(labels).length === 0 ? templateLabels : labels;
  const metadata = Object.keys(own).length === 0 ? { ...job.metadata } : { ...job.metadata, labels: own };
  const spec = withGeneratedSelector(metadata, jobSpecDefaults(job.spec));
  return { ...job, metadata, spec };
}

function jobSpecDefaults(spec: Fields): Fields {
  const isSingle = spec.completions === undefined && spec.parallelism === undefined;
  const policy = spec.podFailurePolicy === undefined ? 'TerminatingOrFailed' : 'Failed';
  const template = fields(spec.template);
  return {
    ...JOB_SPEC,
    parallelism: 1,
    ...(isSingle ? { completions: 1 } : {}),
    podReplacementPolicy: policy,
    ...spec,
    template: isFields(template.spec) ? { ...template, spec: defaultPodSpec(template.spec) } : template,
  };
}

/** A Job finds its pods by its own uid, unless it brings a selector and says so. */
function withGeneratedSelector({ uid = '', name = '' }: NonNullable<KubeObject['metadata']>, spec: Fields): Fields {
  if (spec.manualSelector === true) return spec;
  const template = fields(spec.template);
  const metadata = fields(template.metadata);
  const labels = {
    ...fields(metadata.labels),
    'batch.kubernetes.io/controller-uid': uid,
    'batch.kubernetes.io/job-name': name,
    'controller-uid': uid,
    'job-name': name,
  };
  return {
    ...spec,
    selector: spec.selector ?? { matchLabels: { 'batch.kubernetes.io/controller-uid': uid } },
    template: { ...template, metadata: { ...metadata, labels } },
  };
}
