// What only a real kubelet enforces for a job.
import { createJobs, type Jobs } from '../support/jobs';

let jobs: Jobs;

beforeAll(async () => {
  jobs = await createJobs({ claims: ['shared'] });
});

afterAll(async () => jobs?.world.close());

it('who mounts a claim read only cannot write to it', async () => {
  await jobs.world.cluster.kube.create('persistentvolumeclaims', {
    metadata: { name: 'shared' },
    spec: { accessModes: ['ReadWriteMany'], resources: { requests: { storage: '1Mi' } } },
  });
  const claims = [{ name: 'shared', mountPath: '/data', readOnly: true }];

  const job = await jobs.ended(await jobs.submit({ cmd: 'echo more > /data/file', claims }));

  expect(job.state).toMatchObject({ phase: 'failed', lastLines: [expect.stringContaining('Read-only file system')] });
});

it('a program that is not in the image cannot be started, and that is told', async () => {
  const job = await jobs.ended(await jobs.submit({ args: ['no-such-program'] }));

  expect(job.state).toMatchObject({ phase: 'failed', reason: 'CannotStart' });
  expect(job.state.message).toContain('no-such-program');
});

it('a job that needs more memory than it may have is told as such', async () => {
  const resources = { memory: '8M', memoryLimit: '8M' };
  const attempt = async () => (await jobs.ended(await jobs.submit({ cmd: 'exec tail /dev/zero', resources }))).state;
  // The runtime sometimes hears of the end before it hears of its reason: https://github.com/containerd/containerd/issues/12372
  let state = await attempt();
  for (let again = 0; again < 3 && state.reason !== 'OutOfMemory'; again += 1) {
    expect(state).toMatchObject({ phase: 'failed', exitCode: 137, message: expect.stringContaining('memory') });
    state = await attempt();
  }

  expect(state).toMatchObject({ phase: 'failed', reason: 'OutOfMemory', exitCode: 137 });
});
