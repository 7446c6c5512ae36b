// From zero, to zero, and through every change without a request that is lost.
import { token } from '../support/credentialFiles';
import { install, type Installation } from '../support/knative/installation';
import type { Request } from '../support/knative/ingress';
import { READY_SECONDS } from '../support/knative/kubectl';
import { startLoad, type Load } from '../support/knative/load';
import { HUB } from '../support/knative/overlay';
import { livingPods, untilNone, untilReady } from '../support/knative/pods';

const SERVICES = 'services';
const headers = { authorization: token(HUB) };
/** Stable window and grace period of the cluster, and the time that pods take to end. */
const IDLE_SECONDS = 180;

let installation: Installation;
let request: Request;
let load: Load | undefined;

beforeAll(async () => {
  installation = await install();
  request = await installation.request(SERVICES);
});

afterEach(async () => {
  await load?.stop();
});

afterAll(async () => {
  await installation?.close();
});

async function scaleAtLeast(count: number): Promise<void> {
  const annotations = { 'autoscaling.knative.dev/min-scale': String(count) };
  const patch = JSON.stringify({ spec: { template: { metadata: { annotations } } } });
  const service = `hub-functions-${SERVICES}`;
  await installation.kubectl(['patch', 'ksvc', service, '--type=merge', '--patch', patch]);
  await installation.kubectl(['wait', '--for=condition=Ready', `ksvc/${service}`, `--timeout=${READY_SECONDS}s`]);
}

it('goes to zero when nobody calls, and answers the first call from there', async () => {
  await untilNone(installation, SERVICES, IDLE_SECONDS);

  const answer = await request('GET', '/api/services/', { headers });

  expect([answer.status, answer.body]).toEqual([200, []]);
  expect(await livingPods(installation, SERVICES)).toHaveLength(1);
});

it('loses no request while twenty of its pods end', async () => {
  await scaleAtLeast(3);
  await untilReady(installation, SERVICES, 3);
  load = startLoad({ request, path: '/api/services/', headers });
  for (let ended = 0; ended < 20; ended += 2) {
    const [one = '', another = ''] = await untilReady(installation, SERVICES, 3);
    await Promise.all([one, another].map(async (name) => installation.kube.remove('pods', name)));
  }
  const { answered, failures } = await load.stop();

  expect(failures).toEqual([]);
  expect(answered).toBeGreaterThan(200);
}, 300_000);

it('loses no request while a new revision takes over', async () => {
  const before = new Set((await livingPods(installation, SERVICES)).map(({ metadata }) => metadata?.name));
  load = startLoad({ request, path: '/api/services/', headers });
  await scaleAtLeast(1);
  await untilReady(installation, SERVICES, 1);
  const { answered, failures } = await load.stop();
  const after = (await livingPods(installation, SERVICES)).map(({ metadata }) => metadata?.name);

  expect(failures).toEqual([]);
  expect(answered).toBeGreaterThan(50);
  expect(after.filter((name) => before.has(name))).toEqual([]);
});
