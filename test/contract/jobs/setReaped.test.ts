// A set is captured and reaped as a whole, and is still there for who asks.
import { untilEmpty } from '../../support/eventually';
import { eventually } from '../../support/eventually';
import { createJobSets, stagesOf, type JobSets } from '../../support/jobSets';
import type { JobObject } from '../../support/jobs';
import { sweeping, type Sweeping } from '../../support/reaper';

jest.setTimeout(180_000);

const REQUEST = {
  name: 'reaped',
  stages: [
    { name: 'one', cmd: 'echo first', files: { '/f': 'text' }, secretEnv: { WORD: 'secret' } },
    { name: 'two', cmd: 'echo second; exit 9', untrusted: true, retries: 1 },
    { name: 'three', cmd: 'echo third' },
  ],
  claims: [{ name: 'data', size: '16Mi' }],
};

let sets: JobSets;
let reaping: Sweeping;
let set: JobObject;

beforeAll(async () => {
  sets = await createJobSets();
  const path = sets.world.workspace.write(
    'reaper.json',
    JSON.stringify({ reaper: { dry_run: false, jobs: { failure: { age_seconds: 0 } } } }),
  );
  reaping = sweeping(sets.world, await sets.world.addFunction('reaper', { CONFIG_PATH: path }));
});

afterAll(async () => sets?.close());

/** In the anchor, as the function has written it down. */
async function closed(id: string): Promise<void> {
  await eventually(async () => {
    const anchor = await sets.world.cluster.kube.get('configmaps', `job-set-${id}`);
    return anchor?.metadata?.labels?.['hub-functions/phase'] === 'active' ? undefined : true;
  }, 60);
}

it('while it is under way, nothing of it is captured or reaped', async () => {
  const long = await sets.submit({
    stages: [
      { name: 'quick', cmd: 'exit 1' },
      { name: 'long', cmd: 'sleep 600', always: true },
    ],
  });
  await eventually(async () => ((await sets.phases(long))[1] === 'long running' ? true : undefined), 60);

  expect(await reaping.sweep()).toBe(204);
  await reaping.event(`${long.metadata.name}-quick`);

  expect(await sets.phases(long)).toEqual(['quick failed', 'long running']);
  expect(await sets.world.cluster.kube.list('configmaps', 'hub-functions/kind=job-record')).toEqual([]);
  await sets.send('DELETE', `/jobs/${long.metadata.name}`);
  await closed(long.metadata.name);
  await sets.world.cluster.kube.remove('configmaps', `job-set-${long.metadata.name}`);
});

it('an event about its last Job captures and reaps all of it', async () => {
  set = await sets.ended(await sets.submit(REQUEST));
  await closed('reaped');

  expect(await reaping.event('reaped-two')).toBe(204);

  await untilEmpty(sets.world.cluster.kube, ['ConfigMap/job-record-reaped', 'ConfigMap/hub-functions-reaper-report']);
});

it('is told as it was', async () => {
  const told = await sets.get('reaped');

  expect(told.metadata).toMatchObject({ name: 'reaped', uid: set.metadata.uid });
  expect(told.state).toMatchObject({ phase: 'failed', reason: 'StageFailed', exitCode: 9 });
  expect(stagesOf(told)).toEqual(stagesOf(set));
  expect((await sets.send('GET', '/jobs/reaped/status')).body).toMatchObject({ failed: 1 });
});

it('its log is read: of all stages, of one, of all attempts of one', async () => {
  const headings = /^--- stage (\w+): \S+ \S+$/gm;

  expect((await sets.logs('reaped')).text.replaceAll(headings, '--- $1')).toBe('--- one\nfirst\n--- two\nsecond\n');
  expect((await sets.logs('reaped', '?stage=two')).text).toBe('second\n');
  expect((await sets.logs('reaped', '?stage=two&attempt=all')).text.match(/^second$/gm)).toHaveLength(2);
  expect((await sets.logs('reaped', '?stage=three')).status).toBe(404);
});

it('its events end with its end, and then there is no more to come', async () => {
  const stream = await sets.follow('reaped');
  await stream.ended;

  expect(stream.events).toMatchObject([{ event: 'failed', data: { exitCode: 9 } }]);
  expect((await sets.follow('reaped', { lastEventId: stream.events[0]?.id })).status).toBe(204);
});

it('its name is taken: a repeat is the same set, another request a conflict', async () => {
  expect((await sets.submit(REQUEST)).metadata.uid).toBe(set.metadata.uid);
  expect((await sets.send('GET', '/jobs')).body).toEqual([]);
  expect((await sets.send('POST', '/jobs', { json: { ...REQUEST, labels: { a: 'b' } } })).status).toBe(409);
});
