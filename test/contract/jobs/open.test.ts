// Jobs for everybody, where the configuration says so.
import { createJobs, type Jobs } from '../../support/jobs';

let jobs: Jobs;

beforeAll(async () => {
  jobs = await createJobs({ open_access: 'everybody' });
});

afterAll(async () => jobs?.world.close());

it('without a login the jobs of everybody are there, and no others', async () => {
  const { instance } = jobs;

  const made = await instance.request('POST', '/jobs', { json: { cmd: 'true' } });

  const { name } = (made.body as { metadata: { name: string } }).metadata;
  expect([made.status, (await instance.request('GET', `/jobs/${name}`)).status]).toEqual([200, 200]);
  const list = (await instance.request('GET', '/jobs')).body as readonly { job: string }[];
  expect(list.map(({ job }) => job)).toEqual([name]);
});
