// What can go wrong under a set's hands: functions are killed at each of their API requests, and nobody tells of events.
import { embeddedOf, OWN_REQUESTS, requestsDuring } from '../../support/embedded';
import { eventually, untilEmpty } from '../../support/eventually';
import type { FunctionProcess } from '../../support/functionProcess';
import { createJobs, jobsOf, type JobObject, type Jobs } from '../../support/jobs';
import { stagesOf } from '../../support/jobSets';
import { callerOf, type Caller } from '../../support/statusFunction';

jest.setTimeout(180_000);

const MOST_REQUESTS = 40;
const STAGES = [
  {
    name: 'one',
    cmd: 'echo "$WORD" >> /data/runs',
    secretEnv: { WORD: 'one' },
    claims: [{ set: 'data', mountPath: '/data' }],
  },
  { name: 'bad', cmd: 'cat /data/runs; exit 3', claims: [{ set: 'data', mountPath: '/data' }], untrusted: true },
  { name: 'skipped', cmd: 'true' },
  { name: 'last', cmd: 'cat /data/runs', claims: [{ set: 'data', mountPath: '/data' }], always: true },
];
const SET = { stages: STAGES, claims: [{ name: 'data', size: '16Mi' }] };
const OUTCOME = ['succeeded', 'failed', 'skipped', 'succeeded'];

let jobs: Jobs;
let sweeper: Caller;

beforeAll(async () => {
  jobs = await createJobs();
  sweeper = callerOf(await jobs.world.addFunction('stages'), jobs.world.cluster.kube);
});

afterEach(() => embeddedOf(jobs.world).faults.clear());

afterAll(async () => jobs?.world.close());

/** By sweeps alone: no event is ever told. */
async function swept(set: JobObject): Promise<JobObject> {
  return eventually(async () => {
    await sweeper.ping();
    const { metadata } = (await jobs.world.cluster.kube.get('configmaps', `job-set-${set.metadata.name}`)) ?? {};
    return metadata?.labels?.['hub-functions/phase'] === 'active' ? undefined : jobs.get(set.metadata.name);
  }, 60);
}

/** Runs `work` on an instance that is killed before or after its nth request takes effect; false when it made fewer. */
async function killedAt(at: number, instance: FunctionProcess, work: () => Promise<unknown>): Promise<boolean> {
  let isKilled = false;
  const crash = (): void => {
    isKilled = true;
    instance.kill('SIGKILL');
  };
  const remove = embeddedOf(jobs.world).faults.inject({
    match: OWN_REQUESTS,
    at,
    effect: { crash, after: at % 2 === 0 },
  });
  await work().catch((error: unknown) => {
    if (!isKilled) throw error;
  });
  remove();
  await instance.stop();
  return isKilled;
}

async function forget(id: string): Promise<void> {
  await jobs.world.cluster.kube.remove('configmaps', `job-set-${id}`);
}

test('a sweep finds everything that events would have told', async () => {
  const ended = await swept(await jobs.submit(SET));

  expect(ended.state).toMatchObject({ phase: 'failed', reason: 'StageFailed', exitCode: 3 });
  expect(stagesOf(ended).map(({ phase }) => phase)).toEqual(OUTCOME);
  expect((await jobs.logs(ended.metadata.name, '?stage=last')).text).toBe('one\n');
  await forget(ended.metadata.name);
  await untilEmpty(jobs.world.cluster.kube);
});

test('a submission that was killed at any request is completed by its repeat', async () => {
  let kills = 0;
  for (let at = 1; at <= MOST_REQUESTS && kills === at - 1; at += 1) {
    const body = { name: `repeat${at}`, ...SET };
    const instance = await jobs.world.addFunction('jobs');
    if (await killedAt(at, instance, async () => jobsOf(instance).submit(body))) kills += 1;

    const ended = await swept(await jobs.submit(body));

    expect(stagesOf(ended).map(({ phase }) => phase)).toEqual(OUTCOME);
    expect((await jobs.logs(body.name, '?stage=last')).text).toBe('one\n');
    await forget(body.name);
  }
  expect(kills).toBeGreaterThanOrEqual(7);
  await untilEmpty(jobs.world.cluster.kube);
});

test('a function that is killed at any request while it brings a set on runs no stage twice, and none is forgotten', async () => {
  let kills = 0;
  let isMore = true;
  for (let at = 1; at <= MOST_REQUESTS && isMore; at += 1) {
    const set = await jobs.submit(SET);
    const instance = await jobs.world.addFunction('stages');
    const { ping } = callerOf(instance, jobs.world.cluster.kube);
    isMore = await killedAt(at, instance, async () => {
      for (let phase = ''; phase !== 'failed'; phase = (await jobs.get(set.metadata.name)).state.phase) await ping();
    });
    if (isMore) kills += 1;

    const ended = await swept(set);

    expect(stagesOf(ended).map(({ phase }) => phase)).toEqual(OUTCOME);
    expect((await jobs.logs(set.metadata.name, '?stage=last')).text).toBe('one\n');
    await forget(set.metadata.name);
  }
  expect(kills).toBeGreaterThanOrEqual(10);
  await untilEmpty(jobs.world.cluster.kube);
});

test('a cancellation that was killed at any request is finished by a sweep', async () => {
  let kills = 0;
  for (let at = 1; at <= MOST_REQUESTS && kills === at - 1; at += 1) {
    const set = await jobs.submit({
      stages: [
        { name: 'long', cmd: 'sleep 600 & wait' },
        { name: 'next', always: true },
      ],
    });
    await jobs.until(set, 'running');
    const instance = await jobs.world.addFunction('jobs');
    const item = `/jobs/${set.metadata.name}`;
    if (await killedAt(at, instance, async () => jobsOf(instance).send('DELETE', item))) kills += 1;
    // It may not have come to anything.
    if ((await jobs.get(set.metadata.name)).state.phase === 'running') await jobs.send('DELETE', item);

    const ended = await swept(set);

    expect(ended.state.phase).toBe('cancelled');
    expect(stagesOf(ended).map(({ phase }) => phase)).toEqual(['cancelled', 'skipped']);
    await forget(set.metadata.name);
  }
  expect(kills).toBeGreaterThanOrEqual(5);
  await untilEmpty(jobs.world.cluster.kube);
});

test('a stage that a sweep has started while its set was cancelled is ended by the next one', async () => {
  const { kube } = jobs.world.cluster;
  const { faults, requests } = embeddedOf(jobs.world);
  const { metadata } = await jobs.submit({
    stages: [
      { name: 'one', cmd: 'true' },
      { name: 'two', cmd: 'sleep 600 & wait' },
    ],
  });
  const podsOf = async (stage: string) => kube.list('pods', `job-name=${metadata.name}-${stage}`);
  const phaseOf = async (stage: string) =>
    ((await podsOf(stage))[0]?.['status'] as { phase?: string } | undefined)?.phase;
  await eventually(async () => ((await phaseOf('one')) === 'Succeeded' ? true : undefined));
  const before = requests().length;
  const asked = () =>
    requests()
      .slice(before)
      .some(({ verb, resource }) => verb === 'create' && resource === 'jobs');
  faults.inject({ match: { verb: 'create', resource: 'jobs' }, effect: { delayMs: 2_000 } });

  const late = sweeper.ping();
  await eventually(async () => Promise.resolve(asked() || undefined));
  await jobs.send('DELETE', `/jobs/${metadata.name}`);
  await late;
  await eventually(async () => ((await phaseOf('two')) === 'Running' ? true : undefined));
  await sweeper.ping();

  await eventually(async () => ((await phaseOf('two')) === 'Failed' ? true : undefined));
  expect((await jobs.get(metadata.name)).state.phase).toBe('cancelled');
  await eventually(async () => {
    const { conditions } = ((await kube.get('jobs', `${metadata.name}-two`))?.['status'] ?? {}) as {
      conditions?: object[];
    };
    return conditions === undefined ? undefined : true;
  });
  expect(await requestsDuring(jobs.world, sweeper.ping)).toEqual(['list jobs', 'list pods', 'list configmaps']);
  await forget(metadata.name);
  await untilEmpty(kube);
});

test('sets that wait cost a sweep three lists, and a set of one stage its submission three requests', async () => {
  const submitted = await requestsDuring(jobs.world, async () =>
    jobs.submit({ stages: [{ name: 'a', cmd: 'sleep 600' }] }),
  );
  expect(submitted.toSorted()).toEqual(['create configmaps', 'create jobs', 'create jobs']);
  const [set] = await jobs.world.cluster.kube.list('configmaps', 'hub-functions/kind=job-set');
  const id = set?.metadata?.labels?.['hub-functions/job-set'] ?? '';
  await eventually(async () => ((await jobs.get(id)).state.phase === 'running' ? true : undefined));

  expect(await requestsDuring(jobs.world, sweeper.ping)).toEqual(['list jobs', 'list pods', 'list configmaps']);

  await jobs.send('DELETE', `/jobs/${id}`);
  await forget(id);
  await untilEmpty(jobs.world.cluster.kube);
});
