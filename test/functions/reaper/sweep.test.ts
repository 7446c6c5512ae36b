// Whole sweeps against an in-process cluster in which nothing runs: what stays, what goes, and what is told of it.
import { randomUUID } from 'node:crypto';
import { createCluster, type Cluster } from '../../../dev/cluster/cluster';
import { reaperKey } from '../../../functions/reaper/configFile';
import { createCounters } from '../../../functions/reaper/counters';
import { readReport, type Report } from '../../../functions/reaper/report';
import { sweep } from '../../../functions/reaper/sweep';
import { createKube, type Kube } from '../../../lib/kube/kube';
import type { KubeObject, ObjectMeta } from '../../../lib/kube/objects';
import { createLog } from '../../../lib/log';

const NAMESPACE = 'default';
const OURS = { 'app.kubernetes.io/managed-by': 'hub-functions', 'hub-functions/kind': 'job' };
const AT_ONCE = { age_seconds: 0 };
const CAPTURED = { annotations: { 'hub-functions/captured': 'digest' } };
const WAIT = 'hub-functions/wait-seconds';
const silent = createLog({ name: 'reaper', level: 'error', write: () => undefined });

let cluster: Cluster;
let kube: Kube;
const call = { signal: new AbortController().signal };

beforeEach(() => {
  cluster = createCluster({ controllers: false });
  kube = createKube(cluster.transport);
});
afterEach(async () => cluster.stop());

async function swept(reaper: object = {}, sweepSeconds = 20): Promise<Report | undefined> {
  const policy = reaperKey.parse({ dry_run: false, jobs: { success: AT_ONCE }, orphan_grace_seconds: 0, ...reaper });
  const context = {
    kube,
    settings: {
      namespace: NAMESPACE,
      isDryRun: policy.dry_run,
      policy,
      sweepSeconds,
      isKnownSource: () => true,
      startupUsers: {},
    },
    clock: () => new Date(Date.now() + 5_000),
    log: silent,
    counters: createCounters(),
  };
  const own = { signal: new AbortController().signal };
  await sweep(context, own).catch(() => undefined);
  return readReport(context, own);
}

const podSpec = { restartPolicy: 'Never', containers: [{ name: 'c', image: 'x' }] };

/** Answers its uid. */
async function finishedJob(name: string, metadata: ObjectMeta = {}): Promise<string> {
  const created = await kube.create<KubeObject>(
    {
      apiVersion: 'batch/v1',
      kind: 'Job',
      metadata: { ...metadata, name, namespace: NAMESPACE, labels: { ...OURS, ...metadata.labels } },
      spec: { template: { spec: podSpec } },
    },
    call,
  );
  const time = new Date().toISOString();
  const conditions = [{ type: 'Complete', status: 'True', lastTransitionTime: time }];
  await cluster.transport({
    method: 'PATCH',
    path: `/apis/batch/v1/namespaces/${NAMESPACE}/jobs/${name}/status`,
    headers: { 'content-type': 'application/merge-patch+json' },
    body: JSON.stringify({ status: { startTime: time, completionTime: time, succeeded: 1, conditions } }),
    signal: call.signal,
  });
  return created.metadata?.uid ?? '';
}

async function left(apiVersion: string, kind: string): Promise<readonly (string | undefined)[]> {
  const { items } = await kube.list<KubeObject>({ apiVersion, kind, namespace: NAMESPACE }, call);
  return items.map(({ metadata }) => metadata?.name).filter((name) => name !== 'hub-functions-reaper-report');
}

test('a report that nobody can read keeps no sweep from its work', async () => {
  const metadata = { name: 'hub-functions-reaper-report', namespace: NAMESPACE };
  await kube.create({ apiVersion: 'v1', kind: 'ConfigMap', metadata, data: { 'report.json': '{' } }, call);
  await finishedJob('done', CAPTURED);

  expect(await swept()).toMatchObject({ deleted: 1 });
});

test('what cannot be listed keeps the reaper from nothing but what depends on it, and is told', async () => {
  await finishedJob('done', CAPTURED);
  await secret('job-env-gone', [jobRef('gone', randomUUID())]);
  cluster.faults.inject({ match: { verb: 'list', resource: 'deployments' }, effect: { status: 403 } });

  expect(await swept()).toMatchObject({ deleted: 1, failed: 1, planned: { job_expired: 1 } });
  expect(await left('batch/v1', 'Job')).toEqual([]);
  expect(await left('v1', 'Secret')).toEqual(['job-env-gone']);
});

test('a dry run tells what would go once it were captured', async () => {
  await finishedJob('done');

  const report = await swept({ dry_run: true });

  expect(report).toMatchObject({ captured: 1, planned: { job_expired: 1 }, deleted: 0 });
  expect(report?.deletions).toEqual([{ kind: 'Job', name: 'done', reason: 'job_expired' }]);
  expect(await left('batch/v1', 'Job')).toEqual(['done']);
});

test('a job that is marked to be kept at the last moment stays', async () => {
  await finishedJob('done', CAPTURED);
  const repair = cluster.faults.inject({ match: { verb: 'delete' }, effect: { delayMs: 50 } });
  const asked = cluster.requests().length;
  const sweeping = swept();
  while (
    !cluster
      .requests()
      .slice(asked)
      .some(({ verb }) => verb === 'delete')
  )
    await new Promise(setImmediate);
  const ref = { apiVersion: 'batch/v1', kind: 'Job', namespace: NAMESPACE, name: 'done' };
  await kube.mergePatch(ref, { metadata: { labels: { 'hub-functions/keep': '' } } }, call);

  expect(await sweeping).toMatchObject({ planned: { job_expired: 1 }, deleted: 0, failed: 0 });
  expect(await left('batch/v1', 'Job')).toEqual(['done']);
  repair();
});

test('a job that its owner changes at the last moment is judged anew by the next sweep', async () => {
  const metadata = { name: 'waiting', namespace: NAMESPACE, labels: OURS, annotations: { [WAIT]: '1' } };
  const spec = { template: { spec: podSpec } };
  await kube.create({ apiVersion: 'batch/v1', kind: 'Job', metadata, spec }, call);
  const repair = cluster.faults.inject({ match: { verb: 'list', resource: 'pods' }, effect: { delayMs: 50 } });
  const asked = cluster.requests().length;
  const sweeping = swept();
  const isLooking = (): boolean =>
    cluster
      .requests()
      .slice(asked)
      .some(({ verb, resource }) => verb === 'list' && resource === 'pods');
  while (!isLooking()) await new Promise(setImmediate);
  const ref = { apiVersion: 'batch/v1', kind: 'Job', namespace: NAMESPACE, name: 'waiting' };
  await kube.mergePatch(ref, { metadata: { annotations: { [WAIT]: '600' } } }, call);

  expect(await sweeping).toMatchObject({ ended: 0, failed: 0 });
  const annotations = (await kube.get<KubeObject>(ref, call))?.metadata?.annotations;
  expect(annotations).toEqual({ [WAIT]: '600' });
  repair();
});

const jobRef = (name: string, uid: string) => ({ apiVersion: 'batch/v1', kind: 'Job', name, uid });

async function secret(
  name: string,
  ownerReferences: NonNullable<ObjectMeta['ownerReferences']>,
  labels: Readonly<Record<string, string>> = {},
): Promise<void> {
  const metadata = { name, namespace: NAMESPACE, labels: { ...OURS, ...labels }, ownerReferences };
  await kube.create({ apiVersion: 'v1', kind: 'Secret', metadata }, call);
}

async function pod(name: string, job: string, uid: string): Promise<void> {
  const labels = { ...OURS, 'job-name': job, 'batch.kubernetes.io/controller-uid': uid };
  await kube.create(
    { apiVersion: 'v1', kind: 'Pod', metadata: { name, namespace: NAMESPACE, labels }, spec: podSpec },
    call,
  );
}

const ofThere = (uid: string) => ({ 'hub-functions/job': 'there', 'hub-functions/job-uid': uid });

test('what a job left behind, because somebody deleted it and nothing else, is found', async () => {
  const uid = await finishedJob('there', { ...CAPTURED, labels: { 'hub-functions/keep': '' } });
  await secret('job-env-there-1', [], ofThere(uid));
  await secret('job-env-there-2', [], ofThere(randomUUID()));
  await secret('job-env-there', []);
  await secret('job-env-gone', []);
  await secret('job-env-other', [jobRef('there', randomUUID())]);
  await pod('pod-there', 'there', uid);
  await pod('pod-gone', 'gone', randomUUID());

  expect(await swept()).toMatchObject({ planned: { job_gone: 4 }, deleted: 4, failed: 0 });
  expect(await left('v1', 'Secret')).toEqual(['job-env-there', 'job-env-there-1']);
  expect(await left('v1', 'Pod')).toEqual(['pod-there']);
});

test('what belongs to a job that does not say any more that it is ours stays with it', async () => {
  const uid = await finishedJob('theirs', { labels: { 'app.kubernetes.io/managed-by': 'somebody' } });
  await secret('job-env-theirs', [jobRef('theirs', uid)]);
  await pod('pod', 'theirs', uid);

  expect(await swept()).toMatchObject({ planned: {}, deleted: 0 });
});

const NO_LOG = { match: { verb: 'get', resource: 'pods/log' }, effect: { delayMs: 60_000 } } as const;

/** With as many attempts, each of which has a log. */
async function jobWithLogs(name: string, attempts: number): Promise<void> {
  const ownerReferences = [jobRef(name, await finishedJob(name))];
  for (let index = 0; index < attempts; index += 1) {
    const metadata = { name: `${name}-${index}`, namespace: NAMESPACE, labels: { 'job-name': name }, ownerReferences };
    await kube.create({ apiVersion: 'v1', kind: 'Pod', metadata, spec: podSpec }, call);
    await cluster.transport({
      method: 'PATCH',
      path: `/api/v1/namespaces/${NAMESPACE}/pods/${name}-${index}/status`,
      headers: { 'content-type': 'application/merge-patch+json' },
      body: JSON.stringify({ status: { phase: 'Succeeded' } }),
      signal: call.signal,
    });
  }
}

test('after the hard deadline a job is given up in one sweep, however many of its logs nobody answers for', async () => {
  await jobWithLogs('silent', 6);
  cluster.faults.inject(NO_LOG);

  expect(await swept({ capture: { deadline_seconds: 0 } }, 2)).toMatchObject({ captured: 1, lost: 6, left: 0 });
  expect(await left('batch/v1', 'Job')).toEqual([]);
});

test('jobs that wait for logs that nobody answers for leave time for records and belongings', async () => {
  for (let index = 0; index < 80; index += 1) await jobWithLogs(`silent-${index}`, 1);
  await secret('job-env-gone', [jobRef('gone', randomUUID())]);
  const labels = { ...OURS, 'hub-functions/kind': 'job-record' };
  const metadata = { name: 'job-record-old', namespace: NAMESPACE, labels };
  await kube.create({ apiVersion: 'v1', kind: 'ConfigMap', metadata }, call);
  cluster.faults.inject(NO_LOG);

  const report = await swept({ records: { age_seconds: 0 } }, 2);

  expect(report).toMatchObject({ planned: { job_record_expired: 1, job_gone: 1 }, deleted: 2, failed: 0 });
  expect(report?.goesOnAfter).toMatch(/silent-/);
});
