import { choose } from '../../../functions/jobs/chosen';
import { jobsKey } from '../../../functions/jobs/configFile';
import { jobManifest } from '../../../functions/jobs/desired';
import { parseJob } from '../../../functions/jobs/schema';
import { LABELS, MANAGED_BY } from '../../../lib/labels';

const config = jobsKey.parse({});

function labelsOf(body: object): { readonly job: object | undefined; readonly pod: object } {
  const request = parseJob(body);
  const chosen = choose(request, config, 'hub');
  const wanted = { id: 'a', namespace: 'default', credential: 'hub', request, chosen, digest: 'd' };
  const { metadata, spec } = jobManifest(wanted);
  const { template } = spec as { readonly template: { readonly metadata: { readonly labels: object } } };
  return { job: metadata?.labels, pod: template.metadata.labels };
}

test('the default app is a label of the Job only', () => {
  const { job, pod } = labelsOf({});
  expect(job).toMatchObject({ app: 'orchestrator' });
  expect(pod).not.toHaveProperty('app');
});

test('labels of a request are on the Job and on its pods, and its app wins', () => {
  const { job, pod } = labelsOf({ labels: { app: 'mine', step: '1' } });
  expect(job).toMatchObject({ app: 'mine', step: '1' });
  expect(pod).toMatchObject({ app: 'mine', step: '1' });
});

test.each(Object.values(LABELS))('%s cannot be asked for', (label) => {
  expect(() => parseJob({ labels: { [label]: 'mine' } })).toThrow(/labels/);
});

test('the labels of this project are on both', () => {
  const own = { [LABELS.managedBy]: MANAGED_BY, [LABELS.kind]: 'job' };
  const { job, pod } = labelsOf({ labels: { kind: 'x' } });
  expect(job).toMatchObject(own);
  expect(pod).toMatchObject(own);
});

test.each(['a', 'shj-run-00001', 'x'.repeat(53)])('a job may be named %s', (name) => {
  expect(parseJob({ name }).name).toBe(name);
});

test.each(['', 'A', '-a', 'a-', 'a.b', 'a/b', 'x'.repeat(54)])('a job cannot be named %p', (name) => {
  expect(() => parseJob({ name })).toThrow(/name: is not a DNS label/);
});
