// A change of a log handler, on its way to two instances of two functions that are under load: seen in what each of them writes.
import { basic } from '../support/credentialFiles';
import { pastIngress } from '../support/knative/ingress';
import { install, type Installation } from '../support/knative/installation';
import { READY_SECONDS } from '../support/knative/kubectl';
import { startLoad, type Load } from '../support/knative/load';
import { HUB } from '../support/knative/overlay';
import { untilReady } from '../support/knative/pods';

const FUNCTIONS = { services: '/api/services/', jobs: '/jobs' } as const;
const INSTANCES = 2;
const SPREAD_MS = 2_000;
/** A pod's clock is this machine's; a record may wait for the next request of its instance. */
const BETWEEN_REQUESTS_MS = 500;
const headers = { authorization: basic(HUB) };

let installation: Installation;
let loads: readonly Load[] = [];
let pods: readonly string[] = [];

beforeAll(async () => {
  installation = await install();
  const annotation = { 'autoscaling.knative.dev/min-scale': String(INSTANCES) };
  const patch = JSON.stringify({ spec: { template: { metadata: { annotations: annotation } } } });
  for (const name of Object.keys(FUNCTIONS)) {
    await installation.kubectl(['patch', 'ksvc', `hub-functions-${name}`, '--type=merge', '--patch', patch]);
  }
  await installation.kubectl(['wait', '--for=condition=Ready', 'ksvc', '--all', `--timeout=${READY_SECONDS}s`]);
  pods = (
    await Promise.all(Object.keys(FUNCTIONS).map(async (name) => untilReady(installation, name, INSTANCES)))
  ).flat();
  loads = await Promise.all(
    Object.entries(FUNCTIONS).map(async ([name, path]) =>
      startLoad({ request: await installation.request(name), path, headers }),
    ),
  );
});

afterAll(async () => {
  await Promise.all(loads.map(async ({ stop }) => stop()));
  await installation?.close();
});

it('reaches every instance within two seconds', async () => {
  const logs = pastIngress(await installation.request('logs'));
  const configuration = { formatter: 'json', level: 'INFO' };
  const answer = await logs('PUT', '/api/logs/handler/stream/', { headers, json: { configuration } });
  const changedAt = Date.now();
  expect([answer.status, answer.body]).toMatchObject([200, { handler: 'stream', configuration }]);
  await new Promise((resolve) => setTimeout(resolve, SPREAD_MS * 2));

  const delays = await Promise.all(
    pods.map(async (pod) => {
      const text = await installation.kubectl(['logs', pod, '--container', 'function']);
      const first = text.split('\n').find((line) => line.startsWith('{"asctime":'));
      const { asctime } = JSON.parse(first ?? '{}') as { asctime?: string };
      // Pods are in UTC.
      return Date.parse(`${asctime?.replace(' ', 'T').replace(',', '.')}Z`) - changedAt;
    }),
  );

  expect(delays).toHaveLength(INSTANCES * Object.keys(FUNCTIONS).length);
  for (const delay of delays) expect(delay).toBeLessThan(SPREAD_MS + BETWEEN_REQUESTS_MS);
});

it('no request has failed for it', async () => {
  const results = await Promise.all(loads.map(async ({ stop }) => stop()));
  loads = [];
  for (const { answered, failures } of results) expect([answered > 0, failures]).toEqual([true, []]);
});
