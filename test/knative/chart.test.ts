// The chart with its default platform, on a real Knative: everything of it becomes ready, answers, and goes again.
import { token } from '../support/credentialFiles';
import { throughIngress } from '../support/knative/ingress';
import { READY_SECONDS } from '../support/knative/kubectl';
import { startLoad, type Load } from '../support/knative/load';
import { HUB, openRelease, VALUES, type Release } from '../support/chart/release';
import { untilEmpty } from '../support/eventually';

const headers = { authorization: token(HUB) };
const ON_KNATIVE = { ...VALUES, platform: 'knative', functions: { services: { external: true } } };

let release: Release;
let load: Load | undefined;

beforeAll(async () => {
  release = await openRelease();
  await release.bring('helm', ON_KNATIVE);
});

afterAll(async () => {
  await load?.stop();
  await release?.close();
});

async function untilReady(): Promise<string> {
  const everything = 'ksvc,broker,trigger,pingsource,apiserversource';
  return release.kubectl(['wait', '--for=condition=Ready', everything, '--all', `--timeout=${READY_SECONDS}s`]);
}

/** Of the revision that takes the requests. */
async function logLevel(): Promise<string> {
  const wanted = '{.status.traffic[0].revisionName}';
  const revision = await release.kubectl(['get', 'ksvc', 'hub-functions-services', '-o', `jsonpath=${wanted}`]);
  const env = '{.spec.containers[0].env[?(@.name=="LOG_LEVEL")].value}';
  return release.kubectl(['get', 'revision', revision, '-o', `jsonpath=${env}`]);
}

it('becomes ready, functions and what wakes them', async () => {
  const said = await untilReady();

  expect(said.match(/service\.serving\.knative\.dev\/hub-functions-\w+ condition met/g)).toHaveLength(10);
});

it('says that all is well, from zero', async () => {
  expect(await release.helm('helm', 'test')).toMatch(/Phase:\s+Succeeded/);
});

it('is reached from outside where it is told to', async () => {
  const request = await throughIngress('hub-functions-services', release.namespace);
  const answer = await request('GET', '/api/services/', { headers });
  expect([answer.status, answer.body]).toEqual([200, []]);
});

it('is upgraded and rolled back without one failed request', async () => {
  const request = await throughIngress('hub-functions-services', release.namespace);
  load = startLoad({ request, path: '/api/services/', headers });

  await release.bring('helm', { ...ON_KNATIVE, env: { LOG_LEVEL: 'debug' } });
  await untilReady();
  const upgraded = await logLevel();
  await release.helm('helm', 'rollback', '1', '--wait', '--timeout', '240s');
  await untilReady();

  const { answered, failures } = await load.stop();
  expect(failures).toEqual([]);
  expect(answered).toBeGreaterThan(50);
  expect([upgraded, await logLevel()]).toEqual(['debug', '']);
});

it('goes on with the settings of before, from zero, when it is given some that it refuses', async () => {
  const request = await throughIngress('hub-functions-services', release.namespace);
  const config = { services: { status_information: { container_logs_lines: 'many' } } };
  await release.bring('helm', { ...ON_KNATIVE, config });

  await release.kubectl(['delete', 'pods', '-l', 'serving.knative.dev/service=hub-functions-services']);
  expect((await request('GET', '/api/services/', { headers })).status).toBe(200);
});

it('cannot become another platform while it is there', async () => {
  await expect(release.bring('helm', VALUES)).rejects.toThrow(
    'run on another platform than deployment: helm uninstall first',
  );
});

/** What sweeps have written down by then; none of it is the chart's. */
const RECORDS = ['ConfigMap/archive-usage', 'ConfigMap/hub-functions-reaper-report'];

it('leaves the logins and the claim of archives', async () => {
  await release.helm('helm', 'uninstall');
  const kept = ['PersistentVolumeClaim/archive-repository', 'Secret/hub-functions-credentials'];
  await untilEmpty(release.kube, [...kept, ...RECORDS]);
  expect((await release.kube.everything()).filter((name) => !RECORDS.includes(name))).toEqual(kept);
});
