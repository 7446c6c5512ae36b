// How jobs end, and what is told of it: failures, cancellation, what they wait for, what was deleted behind our back.
import { eventually } from '../../support/eventually';
import { createJobs, type Jobs } from '../../support/jobs';

jest.setTimeout(120_000);

let jobs: Jobs;

beforeAll(async () => {
  jobs = await createJobs();
});

afterAll(async () => jobs?.world.close());

it('a failed job tells its reason, its exit code and the last lines', async () => {
  const job = await jobs.ended(await jobs.submit({ cmd: 'seq 1 40; echo no such file; exit 3' }));

  expect(job.state).toMatchObject({ phase: 'failed', reason: 'Exited', exitCode: 3, attempts: 1 });
  expect(job.state.lastLines).toHaveLength(10);
  expect(job.state.lastLines?.at(-1)).toBe('no such file');
});

it('a cancelled job ends, and what it wrote stays to be read', async () => {
  const job = await jobs.submit({ cmd: 'echo so far; sleep 600 & wait', retries: 3 });
  await jobs.until(job, 'running');
  await eventually(async () => ((await jobs.logs(job.metadata.name)).text === 'so far\n' ? true : undefined));

  expect((await jobs.send('DELETE', `/jobs/${job.metadata.name}`)).status).toBe(200);

  expect((await jobs.get(job.metadata.name)).state).toMatchObject({ phase: 'cancelled', reason: 'Cancelled' });
  await eventually(async () => {
    const { status } = await jobs.get(job.metadata.name);
    return (
      (status['conditions'] as readonly { type: string }[] | null)?.some(({ type }) => type === 'Failed') || undefined
    );
  }, 60);
  const { state, status } = await jobs.get(job.metadata.name);
  expect([state.phase, state.attempts, status['failed']]).toEqual(['cancelled', 1, 1]);
  expect((await jobs.logs(job.metadata.name)).text).toBe('so far\n');
});

it('a job that waits is cancelled at once, and again, and never runs', async () => {
  const job = await jobs.submit({ cmd: 'true', nodeSelector: { nowhere: 'at-all' } });

  for (let times = 0; times < 2; times += 1) {
    expect((await jobs.send('DELETE', `/jobs/${job.metadata.name}`)).status).toBe(200);
  }

  expect((await jobs.get(job.metadata.name)).state.phase).toBe('cancelled');
  await eventually(async () => {
    const pods = await jobs.world.cluster.kube.list('pods', `job-name=${job.metadata.name}`);
    return pods.length === 0 ? true : undefined;
  }, 60);
});

it('what is over is not cancelled any more', async () => {
  const job = await jobs.ended(await jobs.submit({ cmd: 'true' }));

  await jobs.send('DELETE', `/jobs/${job.metadata.name}`);

  expect((await jobs.get(job.metadata.name)).state.phase).toBe('succeeded');
});

it('a job that no node takes tells why it waits', async () => {
  const job = await jobs.submit({ cmd: 'true', nodeSelector: { nowhere: 'at-all' } });

  const seen = await eventually(async () => {
    const { state } = await jobs.get(job.metadata.name);
    return state.reason === undefined ? undefined : state;
  }, 60);

  expect(seen).toMatchObject({ phase: 'queued', reason: 'Unschedulable' });
  await jobs.send('DELETE', `/jobs/${job.metadata.name}`);
});

it('an image that is not there is told as such', async () => {
  const job = await jobs.submit({ cmd: 'true', image: 'registry.invalid/none:1' });

  const seen = await eventually(async () => {
    const { state } = await jobs.get(job.metadata.name);
    return state.reason === undefined ? undefined : state;
  }, 60);

  expect(seen).toMatchObject({ phase: 'starting', reason: 'ImagePull' });
  await jobs.send('DELETE', `/jobs/${job.metadata.name}`);
});

it('a job that was deleted behind our back is gone, and so is its log', async () => {
  const { metadata } = await jobs.ended(await jobs.submit({ cmd: 'echo hello' }));
  await jobs.world.cluster.kube.remove('jobs', metadata.name);

  await eventually(async () => ((await jobs.send('GET', `/jobs/${metadata.name}`)).status === 404 ? true : undefined));
  expect((await jobs.logs(metadata.name)).status).toBe(404);
});

it('who submits again what is being deleted is told to try again, and not that it is there', async () => {
  const body = { name: 'going', cmd: 'true' };
  const { kube } = jobs.world.cluster;
  await jobs.ended(await jobs.submit(body));
  await kube.patch('jobs', body.name, { metadata: { finalizers: ['test.example/held'] } });
  await kube.remove('jobs', body.name);

  const held = await jobs.send('POST', '/jobs', { json: body });
  await kube.patch('jobs', body.name, { metadata: { finalizers: null } });

  expect([held.status, held.headers['retry-after']]).toEqual([503, '1']);
  await eventually(async () => ((await kube.get('jobs', body.name)) === undefined ? true : undefined));
  expect((await jobs.ended(await jobs.submit(body))).state.phase).toBe('succeeded');
});
