// Job sets: stages one after the other, what they share, and what becomes of the set when one of them fails.
import type { KubeObject } from '../../../lib/kube/objects';
import { createJobSets, stagesOf, type JobSets } from '../../support/jobSets';

jest.setTimeout(180_000);

let sets: JobSets;

beforeAll(async () => {
  sets = await createJobSets();
});

afterAll(async () => sets?.close());

it('stages run one after the other, and what one writes to a claim of the set the next one reads', async () => {
  const set = await sets.submit({
    stages: [
      { name: 'write', cmd: 'echo from the first > /data/word', claims: [{ set: 'data', mountPath: '/data' }] },
      { name: 'read', cmd: 'cat /data/word', claims: [{ set: 'data', mountPath: '/data', readOnly: true }] },
    ],
    claims: [{ name: 'data', size: '16Mi' }],
  });
  expect(set).toMatchObject({ kind: 'JobSet', status: { active: 1 } });

  const ended = await sets.ended(set);

  expect(ended.state).toMatchObject({ phase: 'succeeded', exitCode: 0 });
  const [write, read] = stagesOf(ended);
  expect([write, read]).toMatchObject([
    { name: 'write', phase: 'succeeded', exitCode: 0 },
    { name: 'read', phase: 'succeeded', exitCode: 0 },
  ]);
  expect(Date.parse(write?.endedAt ?? '')).toBeLessThanOrEqual(Date.parse(read?.startedAt ?? ''));
  expect((await sets.logs(set.metadata.name, '?stage=read')).text).toBe('from the first\n');
});

it('a stage that fails skips the later ones, but for those that run always', async () => {
  const set = await sets.submit({
    stages: [
      { name: 'good', cmd: 'echo good' },
      { name: 'bad', cmd: 'echo no such file; exit 3' },
      { name: 'later', cmd: 'echo later' },
      { name: 'cleanup', cmd: 'echo cleanup', always: true },
      { name: 'last', cmd: 'echo last' },
    ],
  });

  const ended = await sets.ended(set);

  expect(ended.state).toMatchObject({ phase: 'failed', reason: 'StageFailed', exitCode: 3 });
  expect(ended.state.lastLines).toEqual(['no such file']);
  expect(await sets.phases(set)).toEqual([
    'good succeeded',
    'bad failed',
    'later skipped',
    'cleanup succeeded',
    'last skipped',
  ]);
  expect((await sets.logs(set.metadata.name)).text.replaceAll(/^(--- stage \w+).*$/gm, '$1')).toBe(
    '--- stage good\ngood\n--- stage bad\nno such file\n--- stage cleanup\ncleanup\n',
  );
});

it.each([
  ['says so by its exit code', { cmd: 'exit 124' }, 'Exited'],
  ['is over its time', { cmd: 'sleep 600', timeoutSeconds: 1 }, 'DeadlineExceeded'],
  [
    'is over its time, and might be tried again',
    { cmd: 'sleep 600', timeoutSeconds: 1, retries: 3 },
    'DeadlineExceeded',
  ],
])('a stage that %s has timed out', async (_what, stage, reason) => {
  const ended = await sets.ended(await sets.submit({ stages: [{ name: 'slow', ...stage }, { name: 'next' }] }));

  expect(ended.state).toMatchObject({ phase: 'failed', reason: 'StageTimeout' });
  expect(stagesOf(ended)).toMatchObject([{ phase: 'failed', reason }, { phase: 'skipped' }]);
});

it('a stage is tried again as often as it asks for', async () => {
  const stages = [
    {
      name: 'second-time',
      cmd: 'if [ -e /data/been ]; then exit 0; else touch /data/been; exit 1; fi',
      retries: 1,
      claims: [{ set: 'data', mountPath: '/data' }],
    },
  ];

  const ended = await sets.ended(await sets.submit({ stages, claims: [{ name: 'data', size: '16Mi' }] }));

  expect(ended.state.phase).toBe('succeeded');
});

it('an untrusted stage has no network, no token and no account', async () => {
  const set = await sets.submit({
    stages: [
      { name: 'trusted', cmd: 'true' },
      { name: 'test', cmd: 'true', untrusted: true },
    ],
  });
  await sets.ended(set);

  const { kube } = sets.world.cluster;
  const pod = (await kube.get('jobs', `${set.metadata.name}-test`)) as KubeObject & {
    spec: { template: { metadata: { labels: Record<string, string> }; spec: Record<string, unknown> } };
  };
  const { labels } = pod.spec.template.metadata;
  const [policy] = await kube.list('networkpolicies', `hub-functions/job-set=${set.metadata.name}`);
  const spec = policy?.['spec'] as { podSelector: { matchLabels: Record<string, string> } };
  expect(spec).toMatchObject({ policyTypes: ['Ingress', 'Egress'] });
  expect(spec).not.toHaveProperty('egress');
  expect(labels).toMatchObject(spec.podSelector.matchLabels);
  expect(pod.spec.template.spec).toMatchObject({ automountServiceAccountToken: false });
  expect(pod.spec.template.spec['serviceAccountName'] ?? 'default').toBe('default');
  const trusted = (await kube.get('jobs', `${set.metadata.name}-trusted`)) as typeof pod;
  expect(trusted.spec.template.metadata.labels).not.toMatchObject(spec.podSelector.matchLabels);
});

it('everything that belongs to a set goes with its anchor', async () => {
  const set = await sets.submit({
    name: 'whole',
    stages: [
      {
        name: 'one',
        cmd: 'cat /f; echo $WORD',
        files: { '/f': 'text' },
        secretEnv: { WORD: 'secret' },
        untrusted: true,
      },
    ],
    claims: [{ name: 'data', size: '16Mi' }],
  });
  await sets.ended(set);
  const { kube } = sets.world.cluster;
  const all = [
    'Job/whole-one',
    expect.stringMatching(/^ConfigMap\/job-files-whole\.one-[0-9a-f]{12}$/),
    expect.stringMatching(/^Secret\/job-env-whole\.one-[0-9a-f]{12}$/),
    'PersistentVolumeClaim/job-set-whole.data',
    'NetworkPolicy/whole-untrusted',
    'ConfigMap/job-set-whole',
  ];
  expect(await kube.everything('hub-functions/job-set=whole')).toEqual(expect.arrayContaining(all));
});
