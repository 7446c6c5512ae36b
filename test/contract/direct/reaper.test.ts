// The reaper and jobs: captured before they are reaped, by policy, and nothing else is touched.
import { randomUUID } from 'node:crypto';
import { basic, WEB_SERVICE } from '../../support/credentialFiles';
import { eventually } from '../../support/eventually';
import { JOB_DEFAULTS } from '../../support/jobs';
import { reapedJobs, type ReapedJobs } from '../../support/reapedJobs';
import { BUSYBOX } from '../../support/manifests';
import { createWorld, type World } from '../../support/world';
import { sweeping, type Sweeping } from '../../support/reaper';

jest.setTimeout(80_000);

const AT_ONCE = { age_seconds: 0 };
const LATER = { age_seconds: 3600, count: 100 };

let world: World;
let jobs: ReapedJobs;

beforeAll(async () => {
  world = await createWorld({ config: { jobs: { defaults: JOB_DEFAULTS, profiles: { swift: {} } } } });
  world.workspace.setCredential('hub-a', { groups: [WEB_SERVICE, 'access_to_jobs', 'access_to_reaper'] });
  jobs = reapedJobs(await world.addFunction('jobs'), world.cluster.kube);
});

afterAll(async () => world?.close());

async function reaperWith(reaper: object): Promise<Sweeping> {
  const path = world.workspace.write(
    `reaper-${randomUUID()}.json`,
    JSON.stringify({ reaper: { dry_run: false, ...reaper } }),
  );
  return sweeping(world, await world.addFunction('reaper', { CONFIG_PATH: path }));
}

it('a job is captured, reaped in the same sweep, and its log is kept byte for byte', async () => {
  const id = await jobs.ended(
    await jobs.submit({ cmd: 'for i in $(seq 1 2000); do echo "line $i äöü"; done; printf end; exit 3' }),
  );
  const { sweep, report } = await reaperWith({ jobs: { failure: AT_ONCE } });

  expect(await sweep()).toBe(204);

  const { record, logs, configMap } = await jobs.kept(id);
  const expected = `${Array.from({ length: 2000 }, (_, index) => `line ${index + 1} äöü\n`).join('')}end`;
  expect(logs).toEqual([expected]);
  expect(record.attempts).toMatchObject([
    { bytes: Buffer.byteLength(expected), keptBytes: Buffer.byteLength(expected), exitCode: 3 },
  ]);
  expect(record.state).toMatchObject({ phase: 'failed', reason: 'Exited', exitCode: 3 });
  expect(record.state.lastLines.slice(-2)).toEqual(['line 2000 äöü', 'end']);
  expect(configMap).toMatchObject({ immutable: true, metadata: { labels: { 'hub-functions/phase': 'failed' } } });
  expect(await jobs.isThere(id)).toBe(false);
  await eventually(async () =>
    (await world.cluster.kube.list('pods', `job-name=${id}`)).length === 0 ? true : undefined,
  );
  expect(await report()).toMatchObject({
    dryRun: false,
    captured: 1,
    deleted: 1,
    planned: { job_expired: 1 },
    failed: 0,
    left: 0,
  });
});

it('an event captures a job, and its Secret and files go with it when it is reaped', async () => {
  const id = await jobs.ended(
    await jobs.submit({ cmd: 'cat /in', secretEnv: { A: 'b' }, files: { '/in': 'from a file\n' } }),
  );
  const { event, sweep } = await reaperWith({ jobs: { success: LATER } });

  expect(await event(id)).toBe(204);

  expect((await jobs.kept(id)).logs).toEqual(['from a file\n']);
  const job = await world.cluster.kube.get('jobs', id);
  expect(job?.metadata?.labels).toMatchObject({ 'hub-functions/phase': 'succeeded' });
  expect(job?.metadata?.annotations).toMatchObject({
    'hub-functions/captured': expect.stringMatching(/^[0-9a-f]{64}$/),
    'hub-functions/ended-at': expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
    'hub-functions/captured-generation': String(job?.metadata?.generation),
  });
  await sweep();
  expect(await jobs.isThere(id)).toBe(true);

  await (await reaperWith({ jobs: { success: AT_ONCE } })).sweep();

  await eventually(async () => {
    expect((await world.cluster.kube.everything()).filter((name) => name.includes(id))).toEqual([
      `ConfigMap/job-record-${id}`,
    ]);
    return true;
  });
});

it('each outcome and each profile has its own policy, and what is to be kept is kept', async () => {
  const [good, bad, swift, kept] = await Promise.all([
    jobs.submit({ cmd: 'true' }),
    jobs.submit({ cmd: 'false' }),
    jobs.submit({ cmd: 'true', profile: 'swift' }),
    jobs.submit({ cmd: 'false' }),
  ]);
  await Promise.all([good, bad, swift, kept].map(jobs.ended));
  await world.cluster.kube.patch('jobs', kept, { metadata: { labels: { 'hub-functions/keep': 'true' } } });
  const { sweep } = await reaperWith({
    jobs: { success: LATER, failure: AT_ONCE, profiles: { swift: { success: AT_ONCE } } },
  });

  await sweep();

  expect(await Promise.all([good, bad, swift, kept].map(jobs.isThere))).toEqual([true, false, false, true]);
  await world.cluster.kube.patch('jobs', kept, { metadata: { labels: { 'hub-functions/keep': null } } });
  await (await reaperWith({ jobs: { success: AT_ONCE, failure: AT_ONCE } })).sweep();
});

it('of many jobs the newest stay', async () => {
  const ids: string[] = [];
  for (const _ of [1, 2, 3]) {
    ids.push(await jobs.ended(await jobs.submit({ cmd: 'true' })));
    // Kubernetes tells times in seconds.
    await new Promise((resolve) => setTimeout(resolve, 1_100));
  }
  const { sweep, report } = await reaperWith({ jobs: { success: { age_seconds: 3600, count: 2 } } });

  await sweep();

  expect(await Promise.all(ids.map(jobs.isThere))).toEqual([false, true, true]);
  expect(await report()).toMatchObject({ planned: { job_superseded: 1 }, deletions: [{ kind: 'Job', name: ids[0] }] });
  await (await reaperWith({ jobs: { success: AT_ONCE } })).sweep();
});

it('a dry run tells everything and changes nothing', async () => {
  const id = await jobs.ended(await jobs.submit({ cmd: 'true' }));
  const before = await world.cluster.kube.get('jobs', id);
  const { sweep, event, report } = await reaperWith({
    dry_run: true,
    jobs: { success: AT_ONCE },
    records: { age_seconds: 0 },
  });
  const all = await world.cluster.kube.everything();

  expect([await sweep(), await event(id)]).toEqual([204, 204]);

  expect(await world.cluster.kube.everything()).toEqual(all);
  expect(await world.cluster.kube.get('jobs', id)).toEqual(before);
  expect(await report()).toMatchObject({ dryRun: true, captured: 1, deleted: 0 });
  await (await reaperWith({ jobs: { success: AT_ONCE } })).sweep();
});

it('two reapers at once do no harm', async () => {
  const ids = await Promise.all(
    Array.from({ length: 6 }, async (_, index) => jobs.ended(await jobs.submit({ cmd: `echo ${index}` }))),
  );
  const both = await Promise.all([
    reaperWith({ jobs: { success: AT_ONCE } }),
    reaperWith({ jobs: { success: AT_ONCE } }),
  ]);

  expect(await Promise.all(both.map(async ({ sweep }) => sweep()))).toEqual([204, 204]);

  for (const [index, id] of ids.entries()) {
    expect((await jobs.kept(id)).logs).toEqual([`${index}\n`]);
    expect(await jobs.isThere(id)).toBe(false);
  }
});

it('a job that finds no node is ended when it has waited too long', async () => {
  const id = await jobs.submit({ cmd: 'true', nodeSelector: { nowhere: 'at-all' }, waitSeconds: 1 });
  const { sweep } = await reaperWith({ jobs: { failure: AT_ONCE } });

  await eventually(async () => {
    await sweep();
    return (await jobs.isThere(id)) ? undefined : true;
  }, 30);

  expect((await jobs.kept(id)).record).toMatchObject({
    state: { phase: 'failed', reason: 'WaitedTooLong' },
    attempts: [],
  });
});

it('a job that has exceeded its time is failed, and not tried again', async () => {
  const id = await jobs.submit({ cmd: 'echo began; exec sleep 600', deadlineSeconds: 1, retries: 3 });
  const { sweep } = await reaperWith({ jobs: { failure: AT_ONCE } });

  await eventually(async () => {
    await sweep();
    return (await jobs.isThere(id)) ? undefined : true;
  }, 60);

  const { record, logs } = await jobs.kept(id);
  expect(record.state).toMatchObject({ phase: 'failed', reason: 'DeadlineExceeded' });
  expect(logs[0]).toBe('began\n');
  expect(logs.length).toBeLessThanOrEqual(2);
});

it("jobs of others, and those of descriptions, are nobody's to touch", async () => {
  const pod = {
    restartPolicy: 'Never',
    containers: [{ name: 'c', image: BUSYBOX, imagePullPolicy: 'IfNotPresent', command: ['true'] }],
  };
  const job = (name: string, labels: object): object => ({
    metadata: { name, labels },
    spec: { template: { spec: pod } },
  });
  await world.cluster.kube.create('jobs', job('foreign', { 'hub-functions/kind': 'job' }));
  await world.cluster.kube.create('jobs', job('described', { 'app.kubernetes.io/managed-by': 'hub-functions' }));
  await Promise.all(['foreign', 'described'].map(jobs.ended));
  const { sweep, event } = await reaperWith({ jobs: { success: AT_ONCE, failure: AT_ONCE } });

  expect([await sweep(), await event('foreign'), await event('described'), await event('gone')]).toEqual([
    204, 204, 204, 204,
  ]);

  expect(await Promise.all(['foreign', 'described'].map(jobs.isThere))).toEqual([true, true]);
  for (const name of ['foreign', 'described'])
    await world.cluster.kube.remove('jobs', name, { propagationPolicy: 'Background' });
});

it('events that mean nothing here are refused for good', async () => {
  const { reaper } = await reaperWith({});
  const headers = { 'ce-specversion': '1.0', 'ce-id': '1', 'ce-type': 'dev.knative.apiserver.resource.update' };
  const json = { kind: 'Job', metadata: { name: 'x', namespace: 'elsewhere' } };
  const known = { ...headers, 'ce-source': 'https://10.43.0.1:443' };

  expect((await reaper.request('POST', '/', { json, headers: known })).status).toBe(400);
  expect((await reaper.request('POST', '/', { json, headers: { ...headers, 'ce-source': 'http://x' } })).status).toBe(
    400,
  );
});

it('records go in their turn, with a policy of their own', async () => {
  const { sweep, report } = await reaperWith({ records: { age_seconds: 3600, count: 1 } });
  const before = (await world.cluster.kube.list('configmaps', 'hub-functions/kind=job-record')).length;
  expect(before).toBeGreaterThan(1);

  await sweep();

  expect((await world.cluster.kube.list('configmaps', 'hub-functions/kind=job-record')).length).toBe(1);
  expect(await report()).toMatchObject({ planned: { job_record_superseded: before - 1 } });
});

it('the report is for those in the group', async () => {
  const { reaper } = await reaperWith({});

  expect((await reaper.request('GET', '/reaper/report')).status).toBe(401);
  expect((await reaper.request('GET', '/reaper/report', { headers: { authorization: basic('hub-b') } })).status).toBe(
    403,
  );
});
