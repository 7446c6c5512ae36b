// What can go wrong under the reaper's hands: it is killed at each of its API requests, logs cannot be read, time runs out.
import { createHash, randomUUID } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import type { KubeObject } from '../../../lib/kube/objects';
import { recordedLog, recordName } from '../../../lib/jobs/record';
import { WEB_SERVICE } from '../../support/credentialFiles';
import { embeddedOf, OWN_REQUESTS, requestsDuring, type FaultRule, withFault } from '../../support/embedded';
import { eventually } from '../../support/eventually';
import type { FunctionEnvironment } from '../../support/functionProcess';
import { JOB_DEFAULTS } from '../../support/jobs';
import { reapedJobs, type ReapedJobs } from '../../support/reapedJobs';
import { sweeping, type Sweeping } from '../../support/reaper';
import { createWorld, type World } from '../../support/world';

jest.setTimeout(180_000);

const MOST_REQUESTS = 40;
const AT_ONCE = { age_seconds: 0 };
const REAP_ALL = { success: AT_ONCE, failure: AT_ONCE, cancelled: AT_ONCE };
const LOGS: FaultRule['match'] = { verb: 'get', resource: 'pods/log' };

let world: World;
let jobs: ReapedJobs;

beforeAll(async () => {
  world = await createWorld({ config: { jobs: { defaults: JOB_DEFAULTS } } });
  world.workspace.setCredential('hub-a', { groups: [WEB_SERVICE, 'access_to_jobs', 'access_to_reaper'] });
  jobs = reapedJobs(await world.addFunction('jobs'), world.cluster.kube);
});

afterEach(() => embeddedOf(world).faults.clear());

afterAll(async () => world?.close());

async function reaperWith(reaper: object = {}, environment: FunctionEnvironment = {}): Promise<Sweeping> {
  const config = { reaper: { dry_run: false, jobs: REAP_ALL, ...reaper } };
  const CONFIG_PATH = world.workspace.write(`reaper-${randomUUID()}.json`, JSON.stringify(config));
  return sweeping(world, await world.addFunction('reaper', { CONFIG_PATH, ...environment }));
}

/** Kills it at its nth request; false when it made fewer. */
async function sweepKilledAt(at: number, after: boolean): Promise<boolean> {
  const { reaper, sweep } = await reaperWith();
  let isKilled = false;
  const crash = (): void => {
    isKilled = true;
    reaper.kill('SIGKILL');
  };
  await withFault(world, { match: OWN_REQUESTS, at, effect: { crash, after } }, async () => {
    await sweep().catch((error: unknown) => {
      if (!isKilled) throw error;
    });
  });
  await reaper.stop();
  return isKilled;
}

async function forget(ids: readonly string[]): Promise<void> {
  for (const id of ids) await world.cluster.kube.remove('configmaps', recordName(id));
}

test.each([
  ['before', false],
  ['after', true],
])(
  'killed %s any of its requests took effect, it has lost nothing, and the next sweep leaves nothing',
  async (_when, after) => {
    const { sweep } = await reaperWith();
    let kills = 0;
    for (let at = 1; at <= MOST_REQUESTS && kills === at - 1; at += 1) {
      const ids = await Promise.all([
        jobs.submit({ cmd: `echo first of ${at}; exit 3` }),
        jobs.submit({ cmd: 'echo "$WORD"; cat /f', secretEnv: { WORD: 'secret' }, files: { '/f': 'file\n' } }),
      ]);
      await Promise.all(ids.map(jobs.ended));

      if (await sweepKilledAt(at, after)) kills += 1;
      expect(await sweep()).toBe(204);

      const kept = await Promise.all(ids.map(jobs.kept));
      expect(kept.map(({ logs }) => logs)).toEqual([[`first of ${at}\n`], ['secret\nfile\n']]);
      expect(kept.flatMap(({ record }) => record.attempts.map(({ lost }) => lost))).toEqual([undefined, undefined]);
      await forget(ids);
      await eventually(async () => {
        expect(await world.cluster.kube.everything()).toEqual(['ConfigMap/hub-functions-reaper-report']);
        return true;
      });
    }
    expect(kills).toBeGreaterThanOrEqual(15);
    expect(kills).toBeLessThan(MOST_REQUESTS);
  },
);

test('killed at any of its requests while it ends a job by itself, it comes to the same end', async () => {
  const { sweep } = await reaperWith();
  let kills = 0;
  for (let at = 1; at <= MOST_REQUESTS && kills === at - 1; at += 1) {
    const id = await jobs.submit({ cmd: 'true', nodeSelector: { nowhere: 'at-all' }, waitSeconds: 1 });
    // Until it has waited too long.
    await new Promise((resolve) => setTimeout(resolve, 1_200));

    if (await sweepKilledAt(at, at % 2 === 0)) kills += 1;
    await eventually(async () => {
      expect(await sweep()).toBe(204);
      return (await jobs.isThere(id)) ? undefined : true;
    }, 30);

    expect((await jobs.kept(id)).record).toMatchObject({ state: { reason: 'WaitedTooLong' }, attempts: [] });
    await forget([id]);
    await eventually(async () => {
      expect(await world.cluster.kube.everything()).toEqual(['ConfigMap/hub-functions-reaper-report']);
      return true;
    });
  }
  expect(kills).toBeGreaterThanOrEqual(10);
  expect(kills).toBeLessThan(MOST_REQUESTS);
});

test('a log that cannot be read now keeps its job, and is captured when it can', async () => {
  const id = await jobs.ended(await jobs.submit({ cmd: 'echo precious' }));
  const { sweep, report } = await reaperWith();

  await withFault(world, { match: LOGS, effect: { status: 500 } }, async () => {
    expect(await sweep()).toBe(204);
  });

  expect(await jobs.isThere(id)).toBe(true);
  expect(await report()).toMatchObject({ postponed: 1, captured: 0, lost: 0 });
  await sweep();
  expect((await jobs.kept(id)).logs).toEqual(['precious\n']);
  expect(await jobs.isThere(id)).toBe(false);
  await forget([id]);
});

test('a log that breaks off is no whole log', async () => {
  const id = await jobs.ended(await jobs.submit({ cmd: 'echo whole' }));
  const { sweep } = await reaperWith();

  await withFault(world, { match: LOGS, effect: { reset: true } }, sweep);

  expect(await jobs.isThere(id)).toBe(true);
  await sweep();
  expect((await jobs.kept(id)).logs).toEqual(['whole\n']);
  await forget([id]);
});

test('after the hard deadline the loss is recorded instead', async () => {
  const id = await jobs.ended(await jobs.submit({ cmd: 'echo lost' }));
  const { sweep, report } = await reaperWith({ capture: { deadline_seconds: 0 } });

  await withFault(world, { match: LOGS, effect: { status: 500 } }, sweep);

  const { record } = await jobs.kept(id);
  expect(record.attempts).toMatchObject([{ bytes: 0, lost: expect.stringContaining('deadline') as string }]);
  expect(await report()).toMatchObject({ captured: 1, lost: 1 });
  expect(await jobs.isThere(id)).toBe(false);
  await forget([id]);
});

test('a log whose pod is gone is recorded as lost at once', async () => {
  const id = await jobs.ended(await jobs.submit({ cmd: 'echo gone' }));
  const [pod] = await world.cluster.kube.list('pods', `job-name=${id}`);
  await world.cluster.kube.remove('pods', pod?.metadata?.name ?? '', { gracePeriodSeconds: 0 });
  const { sweep } = await reaperWith();

  await eventually(async () => {
    expect(await world.cluster.kube.list('pods', `job-name=${id}`)).toEqual([]);
    return true;
  });
  await sweep();

  expect((await jobs.kept(id)).record.attempts).toMatchObject([{ lost: expect.stringContaining('gone') as string }]);
  await forget([id]);
});

test('of a log that is too long the newest part is kept, and all of it is told', async () => {
  const bytes = 3_000_000;
  const cmd = `node -e 'const c=require("crypto");let s="";for(let i=0;s.length<${bytes};i++)s+=c.createHash("sha256").update(String(i)).digest("base64")+"\\n";process.stdout.write(s.slice(0,${bytes}))'`;
  const id = await jobs.ended(await jobs.submit({ cmd }));
  const [pod] = await world.cluster.kube.list('pods', `job-name=${id}`);
  const path = `/api/v1/namespaces/${world.cluster.namespace}/pods/${pod?.metadata?.name}/log`;
  const whole = Buffer.from(String((await world.cluster.kube.send('GET', path)).body['text']));
  const { sweep } = await reaperWith({ capture: { limit_bytes: 256 * 1024 } });

  await sweep();

  const { record, logs, configMap } = await jobs.kept(id);
  const [piece] = record.attempts;
  expect(piece).toMatchObject({ bytes, sha256: createHash('sha256').update(whole).digest('hex') });
  expect(piece?.keptBytes).toBe(logs[0]?.length);
  expect(piece?.keptBytes).toBeGreaterThan(200 * 1024);
  expect(whole.toString().endsWith(logs[0] ?? '?')).toBe(true);
  expect(JSON.stringify(configMap.binaryData).length).toBeLessThan(400 * 1024);
  await forget([id]);
});

test('where a folder is mounted, logs go there whole, and go with their record', async () => {
  const folder = join(world.workspace.root, 'captured');
  const id = await jobs.ended(await jobs.submit({ cmd: 'echo in a folder' }));
  const { sweep } = await reaperWith({ capture: { folder } });

  await sweep();

  const { record, configMap } = await jobs.kept(id);
  const [piece] = record.attempts;
  const log = piece && recordedLog(configMap, piece, folder);
  expect(log && (await text(log))).toBe('in a folder\n');
  expect(piece).toMatchObject({ file: `${id}/log-0.gz`, keptBytes: 12 });
  expect(configMap.binaryData ?? {}).toEqual({});
  await (await reaperWith({ capture: { folder }, records: { age_seconds: 0 } })).sweep();
  expect(readdirSync(folder)).toEqual([]);
});

async function fill(count: number): Promise<void> {
  const { kube } = world.cluster;
  const time = new Date().toISOString();
  const pod = { restartPolicy: 'Never', containers: [{ name: 'c', image: 'x' }] };
  const status = { startTime: time, completionTime: time, succeeded: 1 };
  const conditions = [{ type: 'Complete', status: 'True', lastTransitionTime: time, lastProbeTime: time }];
  for (let index = 0; index < count; index += 1) {
    const labels = {
      'app.kubernetes.io/managed-by': 'hub-functions',
      'hub-functions/kind': 'job',
      'hub-functions/phase': 'succeeded',
    };
    const annotations = {
      'hub-functions/captured': 'x',
      'hub-functions/ended-at': time,
      'hub-functions/captured-generation': '1',
    };
    const metadata = { name: `filler-${index}`, labels, annotations };
    await kube.create('jobs', { metadata, spec: { suspend: true, template: { spec: pod } } });
    const path = `/apis/batch/v1/namespaces/${world.cluster.namespace}/jobs/filler-${index}/status`;
    await kube.send('PATCH', path, { status: { ...status, conditions } });
  }
}

test('captured jobs cost one deletion each, and those that are not due nothing but lists; a sweep out of time goes on', async () => {
  const count = 60;
  await fill(count);
  const keeping = await reaperWith({ jobs: {} });
  const idle = await requestsDuring(world, keeping.sweep);
  expect(idle.filter((request) => !/^(list|get configmaps|patch configmaps)/.test(request))).toEqual([]);

  const slow = await reaperWith({}, { REQUEST_TIMEOUT_SECONDS: '2' });
  await withFault(world, { match: { verb: 'delete', resource: 'jobs' }, effect: { delayMs: 700 } }, async () => {
    expect(await slow.sweep()).toBe(204);
  });
  const report = (await slow.report()) as { left: number; deleted: number; failed: number; goesOnAfter: string };
  expect(report.failed).toBe(0);
  expect(report.left).toBeGreaterThan(0);
  expect(report.left + report.deleted).toBe(count);
  expect(report.goesOnAfter).toMatch(/^0[/]filler-/);

  const { sweep } = await reaperWith();
  const left = (await world.cluster.kube.list('jobs')).length;
  const requests = await requestsDuring(world, sweep);
  expect(requests.filter((request) => request === 'delete jobs')).toHaveLength(left);
  expect(await world.cluster.kube.list('jobs')).toEqual([]);
});

/** In order, as the API server lists them. */
function named(objects: readonly KubeObject[]): readonly unknown[] {
  return objects.map(({ metadata }) => metadata?.name);
}

test('what belongs to something that is gone goes after a grace, and nothing else', async () => {
  const ours = { 'app.kubernetes.io/managed-by': 'hub-functions' };
  const labelled = (name: string, labels: object): object => ({ metadata: { name, labels: { ...ours, ...labels } } });
  const { kube } = world.cluster;
  await kube.create('secrets', labelled('orphan', { 'hub-functions/anchor-uid': randomUUID() }));
  await kube.create('services', {
    ...labelled('orphan', { 'hub-functions/anchor-uid': randomUUID() }),
    spec: { ports: [{ port: 80 }] },
  });
  await kube.create('secrets', labelled('free', { 'hub-functions/kind': 'job' }));

  await (await reaperWith()).sweep();
  expect(named(await kube.list('secrets'))).toEqual(['free', 'orphan']);
  const { sweep, report } = await reaperWith({ orphan_grace_seconds: 0 });
  await sweep();

  expect(named(await kube.list('secrets'))).toEqual(['free']);
  expect(named(await kube.list('services'))).toEqual([]);
  expect(await report()).toMatchObject({ planned: { anchor_gone: 2 }, deleted: 2 });
  await kube.remove('secrets', 'free');
});
