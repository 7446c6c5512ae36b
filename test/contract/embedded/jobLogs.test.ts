// Logs of jobs whose node or API server does not answer, that nobody reads, and of jobs that are reaped meanwhile.
import { embeddedOf, withFault } from '../../support/embedded';
import { eventually } from '../../support/eventually';
import type { FunctionProcess } from '../../support/functionProcess';
import { createJobs, type Jobs } from '../../support/jobs';
import { sweeping } from '../../support/reaper';

jest.setTimeout(30_000);

const UNREADABLE = { match: { resource: 'pods/log' }, effect: { status: 500 } } as const;

let jobs: Jobs;
let captures: FunctionProcess;
let reaps: FunctionProcess;

beforeAll(async () => {
  jobs = await createJobs();
  const reaperThat = async (name: string, rules: object): Promise<FunctionProcess> => {
    const config = JSON.stringify({ reaper: { dry_run: false, jobs: rules } });
    return jobs.world.addFunction('reaper', { CONFIG_PATH: jobs.world.workspace.write(`${name}.json`, config) });
  };
  captures = await reaperThat('captures', {});
  reaps = await reaperThat('reaps', { success: { age_seconds: 0 }, failure: { age_seconds: 0 } });
});

afterEach(() => embeddedOf(jobs.world).faults.clear());

afterAll(async () => jobs?.world.close());

it('a log that is followed is an error, too, when it cannot be read, and no connection that breaks', async () => {
  const job = await jobs.submit({ cmd: 'echo hello; exec sleep 600' });
  await jobs.until(job, 'running');

  const answer = await withFault(jobs.world, UNREADABLE, async () => jobs.logs(job.metadata.name, '?follow=true'));

  expect(answer.status).toBe(503);
  await jobs.send('DELETE', `/jobs/${job.metadata.name}`);
});

it('who asks for the headers of a log alone takes no connection away from others', async () => {
  const { metadata } = await jobs.ended(await jobs.submit({ cmd: 'seq 1 50000' }));

  for (let times = 0; times < 20; times += 1) {
    expect((await jobs.send('HEAD', `/jobs/${metadata.name}/logs`)).status).toBe(200);
  }

  expect((await jobs.send('GET', `/jobs/${metadata.name}`, { timeoutMs: 10_000 })).status).toBe(200);
});

it('a captured log is read from its record while the node does not answer', async () => {
  const { metadata } = await jobs.ended(await jobs.submit({ cmd: 'echo hello' }));
  expect(await sweeping(jobs.world, captures).event(metadata.name)).toBe(204);

  const answer = await withFault(jobs.world, UNREADABLE, async () => jobs.logs(metadata.name));

  expect([answer.status, answer.text]).toEqual([200, 'hello\n']);
});

it('a log that was read to its end when its job was reaped is whole', async () => {
  const { metadata } = await jobs.submit({ cmd: 'echo one; sleep 1; echo two' });
  const following = jobs.logs(metadata.name, '?follow=true&attempt=all');

  await eventually(async () => {
    await sweeping(jobs.world, reaps).event(metadata.name);
    return (await jobs.world.cluster.kube.get('jobs', metadata.name)) === undefined ? true : undefined;
  });

  expect((await following).text).toBe('one\ntwo\n');
});

it('a job that wrote nothing has an empty log, before it is reaped and afterwards', async () => {
  const { metadata } = await jobs.ended(await jobs.submit({ cmd: 'exit 1', retries: 1 }));
  const read = async () => {
    const [last, all] = [await jobs.logs(metadata.name), await jobs.logs(metadata.name, '?attempt=all')];
    return [last.status, last.text, all.text];
  };
  const before = await read();

  await sweeping(jobs.world, reaps).event(metadata.name);

  expect(await jobs.world.cluster.kube.get('jobs', metadata.name)).toBeUndefined();
  expect(await read()).toEqual(before);
});
