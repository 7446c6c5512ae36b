// Jobs while they run: claims, deadlines that count from the start, evictions that are nobody's failure, parts of a log.
import { eventually } from '../../support/eventually';
import { createJobs, type Jobs } from '../../support/jobs';

jest.setTimeout(120_000);

let jobs: Jobs;

beforeAll(async () => {
  jobs = await createJobs({ claims: ['shared-<credential>'] });
});

afterAll(async () => jobs?.world.close());

it('what one job leaves on a claim the next one finds', async () => {
  await jobs.world.cluster.kube.create('persistentvolumeclaims', {
    metadata: { name: 'shared-hub-a' },
    spec: { accessModes: ['ReadWriteMany'], resources: { requests: { storage: '1Mi' } } },
  });
  const claims = [{ name: 'shared-hub-a', mountPath: '/data' }];

  await jobs.ended(await jobs.submit({ cmd: 'echo kept > /data/file', claims }));
  const reader = await jobs.ended(await jobs.submit({ cmd: 'cat /data/file', claims }));

  expect((await jobs.logs(reader.metadata.name)).text).toBe('kept\n');
});

it('the time limit counts from the start: who only waits is not over it', async () => {
  const job = await jobs.submit({ cmd: 'true', deadlineSeconds: 1, nodeSelector: { nowhere: 'at-all' } });

  await new Promise((resolve) => setTimeout(resolve, 4_000));

  const { state, status } = await jobs.get(job.metadata.name);
  expect([state.phase, status['failed']]).toEqual(['queued', null]);
  await jobs.send('DELETE', `/jobs/${job.metadata.name}`);
});

it('who runs longer than it may has failed for it, with its log', async () => {
  const job = await jobs.ended(await jobs.submit({ cmd: 'echo begun; exec sleep 600', deadlineSeconds: 2 }));

  expect(job.state).toMatchObject({ phase: 'failed', reason: 'DeadlineExceeded' });
  expect((await jobs.logs(job.metadata.name)).text).toBe('begun\n');
});

it('an eviction is no attempt of the user’s: without any retry the job still succeeds', async () => {
  const job = await jobs.submit({ cmd: 'test -e /tmp/none; sleep 3; echo whole', retries: 0 });
  await jobs.until(job, 'running');
  const { kube, namespace } = jobs.world.cluster;
  const [pod] = await kube.list('pods', `job-name=${job.metadata.name}`);
  const name = pod?.metadata?.name ?? '';

  const evicted = await kube.send('POST', `/api/v1/namespaces/${namespace}/pods/${name}/eviction`, {
    apiVersion: 'policy/v1',
    kind: 'Eviction',
    metadata: { name, namespace },
    deleteOptions: { gracePeriodSeconds: 1 },
  });

  expect(evicted.status).toBe(201);
  expect((await jobs.ended(job)).state.phase).toBe('succeeded');
});

it('parts of a log: the last lines, one container, a certain attempt', async () => {
  const { metadata } = await jobs.ended(await jobs.submit({ cmd: 'seq 1 20' }));
  const part = async (query: string): Promise<string> => (await jobs.logs(metadata.name, query)).text;

  expect(await part('?tail=2')).toBe('19\n20\n');
  expect(await part('?tail=0')).toBe('');
  expect(await part(`?container=${metadata.name}-container&tail=1`)).toBe('20\n');
  expect(await part('?since=3600&attempt=1&tail=1')).toBe('20\n');
  const statuses = ['?container=other', '?attempt=2', '?since=soon', '?tail=', '?lines=3'].map(
    async (query) => (await jobs.logs(metadata.name, query)).status,
  );
  expect(await Promise.all(statuses)).toEqual([404, 404, 422, 422, 422]);
});

it('a log is followed from before its beginning, through all attempts', async () => {
  const { metadata } = await jobs.submit({ cmd: 'echo try; sleep 1; exit 1', retries: 1 });

  const { text } = await jobs.logs(metadata.name, '?follow=true&attempt=all');

  expect(text.match(/^try$/gm)).toHaveLength(2);
  await eventually(async () => ((await jobs.get(metadata.name)).state.phase === 'failed' ? true : undefined));
});
