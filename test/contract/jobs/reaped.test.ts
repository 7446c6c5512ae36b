// A job that was reaped is still there for who asks: its state, its log, its end.
import { createJobs, jobsOf, type JobObject, type Jobs } from '../../support/jobs';
import { sweeping } from '../../support/reaper';

jest.setTimeout(120_000);

const REQUEST = { name: 'reaped', cmd: 'seq 1 5; exit 9', retries: 1 };

let jobs: Jobs;
let job: JobObject;

beforeAll(async () => {
  jobs = await createJobs();
  job = await jobs.ended(await jobs.submit(REQUEST));
  const path = jobs.world.workspace.write(
    'reaper.json',
    JSON.stringify({ reaper: { dry_run: false, jobs: { failure: { age_seconds: 0 } } } }),
  );
  const reaper = await jobs.world.addFunction('reaper', { CONFIG_PATH: path });
  const status = await sweeping(jobs.world, reaper).sweep();
  if (status !== 204) throw new Error(`the sweep was answered ${status}`);
});

afterAll(async () => jobs?.world.close());

it('its Job is gone', async () => {
  const left = await jobs.world.cluster.kube.list('jobs');

  expect(left.filter(({ metadata }) => metadata?.deletionTimestamp === undefined)).toEqual([]);
  expect((await jobs.send('GET', '/jobs')).body).toEqual([]);
});

it('is told as it was', async () => {
  const told = await jobs.get(job.metadata.name);

  expect(told.metadata).toMatchObject({ name: job.metadata.name, uid: job.metadata.uid });
  expect(told.state).toMatchObject({ phase: 'failed', reason: 'Exited', exitCode: 9, attempts: 2 });
  expect((await jobs.send('GET', `/jobs/${job.metadata.name}/status`)).body).toMatchObject({ failed: 2 });
});

it('its log is read: of the last attempt, of the first, of all, and its last lines', async () => {
  const { name } = job.metadata;

  expect((await jobs.logs(name)).text).toBe('1\n2\n3\n4\n5\n');
  expect((await jobs.logs(name, '?attempt=1')).text).toBe('1\n2\n3\n4\n5\n');
  expect((await jobs.logs(name, '?attempt=all')).text.match(/^1$/gm)).toHaveLength(2);
  expect((await jobs.logs(name, '?tail=2')).text).toBe('4\n5\n');
  expect((await jobs.logs(name, '?follow=true')).text).toBe('1\n2\n3\n4\n5\n');
  expect((await jobs.logs(name, '?attempt=3')).status).toBe(404);
});

it('its events end with its end, and then there is no more to come', async () => {
  const stream = await jobs.follow(job.metadata.name);
  await stream.ended;

  expect(stream.events).toMatchObject([{ event: 'failed', data: { attempt: 2, exitCode: 9 } }]);
  expect((await jobs.follow(job.metadata.name, { lastEventId: stream.events[0]?.id })).status).toBe(204);
});

it('to cancel it changes nothing, and for another it is not there', async () => {
  const item = `/jobs/${job.metadata.name}`;

  expect((await jobs.send('DELETE', item)).status).toBe(200);
  const other = jobsOf(jobs.instance, 'hub-b');
  const answers = await Promise.all(
    ['', '/status', '/logs', '/events'].map(async (path) => other.send('GET', item + path)),
  );
  expect(answers.map(({ status }) => status)).toEqual([404, 404, 404, 404]);
});

it('its name is taken: a repeat is the same job and does not run again, another request a conflict', async () => {
  expect((await jobs.submit(REQUEST)).metadata.uid).toBe(job.metadata.uid);
  expect((await jobs.send('GET', '/jobs')).body).toEqual([]);
  const others = [
    await jobs.send('POST', '/jobs', { json: { ...REQUEST, cmd: 'true' } }),
    await jobsOf(jobs.instance, 'hub-b').send('POST', '/jobs', { json: REQUEST }),
  ];
  expect(others.map(({ status }) => status)).toEqual([409, 409]);
});
