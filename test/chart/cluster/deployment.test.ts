// The whole life of an installation without Knative: installed, used, upgraded, rolled back, removed; what users have started outlives it.
import { token } from '../../support/credentialFiles';
import { eventually, untilEmpty } from '../../support/eventually';
import { hubOf, type Hub } from '../../support/hub';
import { startLoad, type Load } from '../../support/knative/load';
import { sendRequest } from '../../support/httpClient';
import type { Request } from '../../support/knative/ingress';
import { HUB, openRelease, VALUES, type Release } from '../../support/chart/release';
import { originOf } from '../../support/userjobs/visits';

const OURS = 'app.kubernetes.io/managed-by=hub-functions';
const OF_CHART = 'app.kubernetes.io/name=hub-functions';
const headers = { authorization: token(HUB) };

let release: Release;
let services: Request;
let hub: Hub;
let page: Request;
let loads: readonly Load[] = [];

beforeAll(async () => {
  release = await openRelease();
});

afterAll(async () => {
  await Promise.all(loads.map(async ({ stop }) => stop()));
  await release?.close();
});

/** Users' page and the function, asked all the time while something is done, until the last of the pods of before has ended. */
async function underLoad(work: () => Promise<unknown>): Promise<readonly string[]> {
  const before = await pods(OF_CHART);
  loads = [
    startLoad({ request: services, path: '/api/services/', headers }),
    startLoad({ request: page, path: '/', headers: {}, callers: 2 }),
  ];
  await work();
  await eventually(async () => {
    const left = (await pods(OF_CHART)).filter((uid) => before.includes(uid));
    if (left.length > 0) throw new Error(`${left.length} pods of before are left`);
    return true;
  }, 90);
  const results = await Promise.all(loads.map(async ({ stop }) => stop()));
  loads = [];
  for (const { answered } of results) expect(answered).toBeGreaterThan(50);
  return results.flatMap(({ failures }) => failures);
}

async function pods(selector: string): Promise<readonly string[]> {
  const found = await release.kube.list('pods', selector);
  return found.map(({ metadata }) => metadata?.uid ?? '').toSorted();
}

async function logLevels(): Promise<ReadonlySet<string>> {
  const text = await release.kubectl(['get', 'deployments', '-l', OF_CHART, '-o', 'json']);
  const { items } = JSON.parse(text) as {
    items: { spec: { template: { spec: { containers: [{ env?: { name: string; value: string }[] }] } } } }[];
  };
  const levels = items.map(({ spec }) => spec.template.spec.containers[0].env ?? []);
  return new Set(levels.map((env) => env.find(({ name }) => name === 'LOG_LEVEL')?.value ?? 'none'));
}

it('says that there is no Knative before anything is changed', async () => {
  const before = await release.kube.everything();
  await expect(release.bring('helm', { ...VALUES, platform: 'knative' })).rejects.toThrow(
    'this cluster has no Knative Serving and Eventing: install both',
  );
  expect((await release.kube.everything()).filter((name) => !before.includes(name))).toEqual([]);
});

it('is installed, and says that all is well', async () => {
  const told = await release.bring('helm', VALUES);

  expect(told).toContain(`npx hubfn credentials add jupyterhub -n ${release.namespace}`);
  expect(await release.helm('helm', 'test')).toMatch(/Phase:\s+Succeeded/);
});

it('starts a service that can be visited', async () => {
  services = await release.request('services');
  hub = hubOf({ request: services }, HUB);

  expect(await hub.start('lab1', { service: 'hello' })).toMatchObject({ status: 201 });
  await hub.untilRunning('lab1');

  const [service] = await release.kube.list('services', OURS);
  const origin = originOf(service, 8080);
  page = async (method, path, sent) => sendRequest(method, { origin, path }, sent);
  // What is sent before the node knows the way to a new address is lost, and waits in vain.
  const { status } = await eventually(async () => page('GET', '/', { timeoutMs: 2_000 }));
  expect(status).toBe(200);
});

it('timers ring: a CronJob makes its function sweep', async () => {
  const name = 'sweep-now';
  await release.kubectl(['create', 'job', name, '--from=cronjob/hub-functions-reaper']);
  await release.kubectl(['wait', '--for=condition=Complete', `job/${name}`, '--timeout=60s']);

  const report = await release.kube.get('configmaps', 'hub-functions-reaper-report');
  expect(report).toMatchObject({ data: expect.anything() as object });
  await release.kube.remove('jobs', name, { propagationPolicy: 'Background' });
});

it('is upgraded without one failed request, and services run on', async () => {
  const before = await pods(OURS);

  const failures = await underLoad(async () => release.bring('helm', { ...VALUES, env: { LOG_LEVEL: 'debug' } }));

  expect(failures).toEqual([]);
  expect(await logLevels()).toEqual(new Set(['debug']));
  expect(await pods(OURS)).toEqual(before);
  expect((await hub.poll('lab1')).running).toBe(true);
});

it('is rolled back the same way', async () => {
  const failures = await underLoad(async () => release.helm('helm', 'rollback', '1', '--wait', '--timeout', '240s'));

  expect(failures).toEqual([]);
  expect(await logLevels()).toEqual(new Set(['none']));
  expect((await hub.poll('lab1')).running).toBe(true);
});

it('an upgrade that is refused changes nothing', async () => {
  const before = await pods(OF_CHART);
  await expect(release.bring('helm', { ...VALUES, replicas: 3 })).rejects.toThrow("'replicas' not allowed");
  expect(await pods(OF_CHART)).toEqual(before);
});

it('uninstalled it leaves what users have, and the logins and archives', async () => {
  const running = await pods(OURS);
  await release.helm('helm', 'uninstall', '--wait');
  await eventually(async () => {
    const left = await release.kube.list('deployments', OF_CHART);
    return left.length === 0 ? true : undefined;
  });

  expect((await page('GET', '/')).status).toBe(200);
  expect(await pods(OURS)).toEqual(running);
  const left = await release.kube.everything();
  expect(left).toContain('Secret/hub-functions-credentials');
  expect(left).toContain('PersistentVolumeClaim/archive-repository');
  expect(left.filter((name) => /^ConfigMap\/.*lab1/.test(name))).not.toEqual([]);
});

describe('installed again, by helm 4', () => {
  it('goes on where it was', async () => {
    await release.bring('helm4', { ...VALUES, uninstall: { removeEverything: true } });
    services = await release.request('services');
    hub = hubOf({ request: services }, HUB);

    expect((await hub.poll('lab1')).running).toBe(true);
  });

  it('is upgraded without one failed request', async () => {
    const values = { ...VALUES, env: { LOG_LEVEL: 'warn' }, uninstall: { removeEverything: true } };
    expect(await underLoad(async () => release.bring('helm4', values))).toEqual([]);
    expect(await logLevels()).toEqual(new Set(['warn']));
  });

  it('told to, leaves nothing', async () => {
    await release.kubectl(['create', 'configmap', 'somebodys', '--from-literal=a=b']);

    await release.helm('helm4', 'uninstall', '--timeout', '300s');

    await untilEmpty(release.kube, ['ConfigMap/somebodys']);
    expect(await release.kube.everything()).toEqual(['ConfigMap/somebodys']);
  });
});
