import { choose } from '../../../functions/jobs/chosen';
import { jobsKey } from '../../../functions/jobs/configFile';
import { jobManifest } from '../../../functions/jobs/desired';
import { parseJob } from '../../../functions/jobs/schema';
import { belongingNames } from '../../../lib/jobs/names';
import { LABELS, MANAGED_BY } from '../../../lib/labels';

const config = jobsKey.parse({});
const names = belongingNames('a', '0123456789ab');

function labelsOf(body: object): { readonly job: object | undefined; readonly pod: object } {
  const request = parseJob(body);
  const chosen = choose(request, config, 'hub');
  const wanted = { id: 'a', namespace: 'default', credential: 'hub', request, chosen, digest: 'd', names };
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

test('all that may be asked for is in the pod', () => {
  const request = parseJob({
    args: ['train', '--fast'],
    image: 'lab:1',
    env: { MODE: 'fast' },
    secretEnv: { TOKEN: 'sesame' },
    workingDir: '/work',
    files: { '/work/in.txt': 'text' },
    resources: { cpu: '1', memory: '2Gi', memoryLimit: '4Gi', gpu: 2 },
    deadlineSeconds: 60,
    retries: 2,
    claims: [{ name: 'data', mountPath: '/data', readOnly: true }],
    registrySecret: 'registry',
    serviceAccount: 'reader',
    nodeSelector: { disk: 'fast' },
    tolerations: [{ key: 'gpu', operator: 'Exists' }],
  });
  const allowing = jobsKey.parse({ claims: ['data'], serviceAccounts: ['reader'] });
  const chosen = choose(request, allowing, 'hub');

  const { spec } = jobManifest({
    id: 'a',
    namespace: 'default',
    credential: 'hub',
    request,
    chosen,
    digest: 'd',
    names,
  });

  expect(spec).toMatchObject({
    suspend: true,
    backoffLimit: 2,
    podFailurePolicy: { rules: [{ action: 'Ignore', onPodConditions: [{ type: 'DisruptionTarget' }] }] },
    template: {
      spec: {
        restartPolicy: 'Never',
        activeDeadlineSeconds: 60,
        serviceAccountName: 'reader',
        imagePullSecrets: [{ name: 'registry' }],
        nodeSelector: { disk: 'fast' },
        tolerations: [{ key: 'gpu', operator: 'Exists' }],
        volumes: [
          { persistentVolumeClaim: { claimName: 'data', readOnly: true } },
          { configMap: { name: 'job-files-a-0123456789ab' } },
        ],
        containers: [
          {
            command: ['train'],
            args: ['--fast'],
            workingDir: '/work',
            env: [{ name: 'MODE', value: 'fast' }],
            envFrom: [{ secretRef: { name: 'job-env-a-0123456789ab' } }],
            resources: { requests: { cpu: '1', memory: '2Gi' }, limits: { memory: '4Gi', 'nvidia.com/gpu': 2 } },
            volumeMounts: [{ mountPath: '/data', readOnly: true }, { mountPath: '/work/in.txt' }],
          },
        ],
      },
    },
  });
  expect(JSON.stringify(spec)).not.toContain('sesame');
});
