// The reaper is killed at each of its requests while it captures and reaps a set: nothing is lost, and nothing is left.
import { recordName } from '../../../lib/jobs/record';
import { embeddedOf, OWN_REQUESTS, withFault } from '../../support/embedded';
import { eventually } from '../../support/eventually';
import { createJobSets, type JobSets } from '../../support/jobSets';
import { reapedJobs } from '../../support/reapedJobs';
import { sweeping, type Sweeping } from '../../support/reaper';

jest.setTimeout(180_000);

const MOST_REQUESTS = 40;
const SET = {
  stages: [
    { name: 'one', cmd: 'echo "$WORD"', secretEnv: { WORD: 'first' }, untrusted: true },
    { name: 'two', cmd: 'echo second; exit 3' },
  ],
  claims: [{ name: 'data', size: '16Mi' }],
};

let sets: JobSets;

beforeAll(async () => {
  sets = await createJobSets();
});

afterEach(() => embeddedOf(sets.world).faults.clear());

afterAll(async () => sets?.close());

async function reaper(): Promise<Sweeping> {
  const config = { reaper: { dry_run: false, orphan_grace_seconds: 0, jobs: { failure: { age_seconds: 0 } } } };
  const CONFIG_PATH = sets.world.workspace.write('reaper.json', JSON.stringify(config));
  return sweeping(sets.world, await sets.world.addFunction('reaper', { CONFIG_PATH }));
}

/** Answers its id. */
async function overSet(): Promise<string> {
  const { name } = (await sets.submit(SET)).metadata;
  await eventually(async () => {
    await sets.caller.ping();
    const anchor = await sets.world.cluster.kube.get('configmaps', `job-set-${name}`);
    return anchor?.metadata?.labels?.['hub-functions/phase'] === 'active' ? undefined : true;
  });
  return name;
}

async function sweepKilledAt(at: number): Promise<boolean> {
  const { reaper: instance, sweep } = await reaper();
  let isKilled = false;
  const crash = (): void => {
    isKilled = true;
    instance.kill('SIGKILL');
  };
  // The function `stages` is told nothing meanwhile: no pod changes any more.
  await withFault(sets.world, { match: OWN_REQUESTS, at, effect: { crash, after: at % 2 === 0 } }, async () => {
    await sweep().catch((error: unknown) => {
      if (!isKilled) throw error;
    });
  });
  await instance.stop();
  return isKilled;
}

test('the log of a stage whose pod is gone is recorded as lost, and told to be', async () => {
  const { kube } = sets.world.cluster;
  const name = await overSet();
  const ofStage = `job-name=${name}-one`;
  const [pod] = await kube.list('pods', ofStage);
  await kube.remove('pods', pod?.metadata?.name ?? '', { gracePeriodSeconds: 0 });
  await eventually(async () => ((await kube.list('pods', ofStage)).length === 0 ? true : undefined));

  await (await reaper()).sweep();

  const lost: unknown = expect.stringContaining('gone');
  const { record } = await reapedJobs(sets.instance, kube).kept(name);
  expect(record.attempts).toMatchObject([{ stage: 'one', lost }, { stage: 'two' }]);
  expect(record.attempts[1]?.lost).toBeUndefined();
  expect((await sets.logs(name, '?stage=one')).status).toBe(410);
  expect((await sets.logs(name)).text).toContain('--- lost: Its pod is gone');
  await kube.remove('configmaps', recordName(name));
});

test('killed at any of its requests', async () => {
  const { kube } = sets.world.cluster;
  const { kept } = reapedJobs(sets.instance, kube);
  const { sweep } = await reaper();
  await sets.stopEvents();
  let kills = 0;
  for (let at = 1; at <= MOST_REQUESTS && kills === at - 1; at += 1) {
    const name = await overSet();

    if (await sweepKilledAt(at)) kills += 1;
    expect(await sweep()).toBe(204);

    const { record, logs } = await kept(name);
    expect(logs).toEqual(['first\n', 'second\n']);
    expect(record).toMatchObject({ state: { phase: 'failed' }, attempts: [{ stage: 'one' }, { stage: 'two' }] });
    await kube.remove('configmaps', recordName(name));
    await eventually(async () => {
      expect(await kube.everything()).toEqual(['ConfigMap/hub-functions-reaper-report']);
      return true;
    });
  }
  expect(kills).toBeGreaterThanOrEqual(15);
  expect(kills).toBeLessThan(MOST_REQUESTS);
});
