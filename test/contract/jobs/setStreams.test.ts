// What is told of a set while it goes on: its log, its events, its place in the list; and how it is cancelled.
import { eventually } from '../../support/eventually';
import { createJobSets, stagesOf, type JobSets } from '../../support/jobSets';

jest.setTimeout(180_000);

let sets: JobSets;

beforeAll(async () => {
  sets = await createJobSets();
});

afterAll(async () => sets?.close());

const SLOW = [
  { name: 'first', cmd: 'echo one; sleep 1; echo two' },
  { name: 'bad', cmd: 'exit 5' },
  { name: 'skipped', cmd: 'true' },
  { name: 'always', cmd: 'echo three', always: true },
];

it('a log that is followed goes on from stage to stage', async () => {
  const { metadata } = await sets.submit({ stages: SLOW });
  const [all, first, always] = await Promise.all(
    ['?follow=true', '?follow=true&stage=first', '?follow=true&stage=always'].map(async (query) =>
      sets.logs(metadata.name, query),
    ),
  );

  const headings = /^--- stage (\w+): \S+ \S+$/gm;
  expect(all?.text.replaceAll(headings, '--- $1')).toBe('--- first\none\ntwo\n--- bad\n--- always\nthree\n');
  expect([first?.text, always?.text]).toEqual(['one\ntwo\n', 'three\n']);
});

it('events tell each stage, and can be resumed after each', async () => {
  const { metadata } = await sets.submit({ stages: SLOW });
  const stream = await sets.follow(metadata.name);
  await stream.ended;

  const told = stream.events.map(({ event, data }) => `${(data['stage'] as string | undefined) ?? 'set'} ${event}`);
  const ends = ['first succeeded', 'bad failed', 'skipped skipped', 'always succeeded', 'set failed'];
  expect(told.filter((each) => /(succeeded|failed|skipped)$/.test(each))).toEqual(ends);
  expect(told).toContain('first running');
  expect(new Set(stream.events.map(({ id }) => id)).size).toBe(stream.events.length);
  const at = stream.events.findIndex(({ event }) => event === 'failed');
  const resumed = await sets.follow(metadata.name, { lastEventId: stream.events[at]?.id });
  await resumed.ended;
  expect(resumed.events.filter(({ event }) => event !== 'running').map(({ id }) => id)).toEqual(
    stream.events
      .slice(at + 1)
      .filter(({ event }) => event.endsWith('ed') && event !== 'queued')
      .map(({ id }) => id),
  );
  expect((await sets.follow(metadata.name, { lastEventId: stream.events.at(-1)?.id })).status).toBe(204);
});

it('a cancelled set ends, what it wrote stays, and nothing more of it begins', async () => {
  const set = await sets.submit({
    stages: [
      { name: 'runs', cmd: 'echo so far; sleep 600 & wait', retries: 2 },
      { name: 'always', cmd: 'true', always: true },
    ],
  });
  const { name } = set.metadata;
  await eventually(async () => ((await sets.logs(name, '?stage=runs')).text === 'so far\n' ? true : undefined), 60);

  expect((await sets.send('DELETE', `/jobs/${name}`)).status).toBe(200);

  expect((await sets.get(name)).state).toMatchObject({ phase: 'cancelled', reason: 'Cancelled' });
  await eventually(async () => {
    const anchor = await sets.world.cluster.kube.get('configmaps', `job-set-${name}`);
    return anchor?.metadata?.labels?.['hub-functions/phase'] === 'cancelled' ? true : undefined;
  }, 60);
  expect(stagesOf(await sets.get(name))).toMatchObject([{ phase: 'cancelled' }, { phase: 'skipped' }]);
  expect((await sets.logs(name, '?stage=runs')).text).toBe('so far\n');
  expect((await sets.send('DELETE', `/jobs/${name}`)).status).toBe(200);
  expect((await sets.get(name)).state.phase).toBe('cancelled');
});

it('what no node takes tells why it waits, and is cancelled at once', async () => {
  const set = await sets.submit({ stages: [{ name: 'one', nodeSelector: { nowhere: 'at-all' } }] });

  const seen = await eventually(async () => {
    const { state } = await sets.get(set.metadata.name);
    return state.reason === undefined ? undefined : state;
  }, 60);
  expect(seen).toMatchObject({ phase: 'queued', reason: 'Unschedulable', stages: [{ reason: 'Unschedulable' }] });

  await sets.send('DELETE', `/jobs/${set.metadata.name}`);
  await eventually(async () => {
    const pods = await sets.world.cluster.kube.list('pods', `hub-functions/job-set=${set.metadata.name}`);
    return pods.length === 0 ? true : undefined;
  }, 60);
});

it('the list has sets beside jobs, each once, in pages and by phase', async () => {
  const label = { labels: { listed: 'yes' } };
  const job = await sets.ended(await sets.submit({ cmd: 'true', ...label }));
  const good = await sets.ended(await sets.submit({ stages: [{ name: 'a', cmd: 'true' }], ...label }));
  const long = await sets.submit({ stages: [{ name: 'a', cmd: 'sleep 600' }], ...label });
  await sets.until(long, 'running');
  const [jobName, goodName, longName] = [job.metadata.name, good.metadata.name, long.metadata.name];
  const list = async (query: string): Promise<readonly string[]> => {
    const seen: string[] = [];
    for (let token = ''; ;) {
      const page = await sets.send('GET', `/jobs?label=listed=yes&${query}${token}`);
      seen.push(...(page.body as readonly { job: string }[]).map((entry) => entry.job));
      const next = page.headers['x-continue'];
      if (next === undefined) return seen.toSorted();
      token = `&continue=${encodeURIComponent(String(next))}`;
    }
  };

  expect(await list('')).toEqual([jobName, goodName, longName].toSorted());
  expect(await list('limit=1')).toEqual([jobName, goodName, longName].toSorted());
  expect(await list('state=succeeded')).toEqual([jobName, goodName].toSorted());
  expect(await list('state=running')).toEqual([longName]);
  await sets.send('DELETE', `/jobs/${longName}`);
});
