import { reasonToRemove } from '../../../../functions/reaper/orphans/plan';
import type { ObjectMeta } from '../../../../lib/kube/objects';

const now = new Date('2026-11-21T12:00:00Z');
const around = { isThere: (uid: string) => uid === 'there', graceSeconds: 60, now };
const old = '2026-11-21T11:58:00Z';
const owner = (uid: string): NonNullable<ObjectMeta['ownerReferences']> => [
  { apiVersion: 'batch/v1', kind: 'Job', name: 'j', uid },
];
const anchored = (uid: string): ObjectMeta => ({ creationTimestamp: old, labels: { 'hub-functions/anchor-uid': uid } });

const staged = (uid: string): ObjectMeta => ({
  creationTimestamp: old,
  labels: { 'hub-functions/kind': 'job-stage', 'hub-functions/job-set': 's', 'hub-functions/anchor-uid': uid },
});

const labelled = (name: string, labels: Record<string, string> = {}): ObjectMeta => ({
  name,
  creationTimestamp: old,
  labels: { 'hub-functions/kind': 'job', ...labels },
});

const ofJob = (uid: string): Record<string, string> => ({ 'hub-functions/job': 'there', 'hub-functions/job-uid': uid });

test.each<[what: string, metadata: ObjectMeta, reason: string | undefined]>([
  ['of a job that is there', { creationTimestamp: old, ownerReferences: owner('there') }, undefined],
  ['of a job that is gone', { creationTimestamp: old, ownerReferences: owner('gone') }, 'job_gone'],
  [
    'of two, one of which is there',
    { creationTimestamp: old, ownerReferences: [...owner('gone'), ...owner('there')] },
    undefined,
  ],
  ['young', { creationTimestamp: '2026-11-21T11:59:30Z', ownerReferences: owner('gone') }, undefined],
  ['of no known age', { ownerReferences: owner('gone') }, undefined],
  ['under deletion', { creationTimestamp: old, deletionTimestamp: old, ownerReferences: owner('gone') }, undefined],
  ['of nobody', { creationTimestamp: old }, undefined],
  ['of a service that is there', anchored('there'), undefined],
  ['of a service that is gone', anchored('gone'), 'anchor_gone'],
  ['of a set that is there', staged('there'), undefined],
  ['of a set that is gone', staged('gone'), 'anchor_gone'],
  ['by its label of a job that is there', labelled('job-files-x-1', ofJob('there')), undefined],
  [
    'by its label of a job that is gone, another of its name is there',
    labelled('job-env-there-1', ofJob('gone')),
    'job_gone',
  ],
  ['by its name of a job that is there', labelled('job-files-there'), undefined],
  ['by its name of a job that is gone', labelled('job-files-gone'), 'job_gone'],
  ['by its name of a job that is gone, but none of ours', { name: 'job-env-gone', creationTimestamp: old }, undefined],
  ['labelled as of a job, but of no known name', labelled('other'), undefined],
  ['a pod of a job that is there', labelled('p', { 'controller-uid': 'there' }), undefined],
  ['a pod of a job that is gone', labelled('p', { 'batch.kubernetes.io/controller-uid': 'gone' }), 'job_gone'],
])('what is %s', (_what, metadata, reason) => {
  expect(reasonToRemove({ metadata }, around)).toBe(reason);
});
