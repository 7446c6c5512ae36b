// From zero, to zero, and through every change without a request that is lost.
import { token } from '../support/credentialFiles';
import { HUB, install, type Installation } from '../support/knative/installation';
import type { Request } from '../support/knative/ingress';
import { startLoad } from '../support/knative/load';
import { livingPods, untilNone, untilReady } from '../support/knative/pods';

const SERVICES = 'services';
const headers = { authorization: token(HUB) };
/** Stable window and grace period of the cluster, and the time that pods take to end. */
const IDLE_SECONDS = 90;

let installation: Installation;
let request: Request;

beforeAll(async () => {
  installation = await install();
  request = await installation.request(SERVICES);
});

afterAll(async () => {
  await installation?.close();
});

async function scaleAtLeast(count: number): Promise<void> {
  const annotations = { 'autoscaling.knative.dev/min-scale': String(count) };
  const patch = JSON.stringify({ spec: { template: { metadata: { annotations } } } });
  const service = `hub-functions-${SERVICES}`;
  await installation.kubectl(['patch', 'ksvc', service, '--type=merge', '--patch', patch]);
  await installation.kubectl(['wait', '--for=condition=Ready', `ksvc/${service}`, '--timeout=60s']);
}

it('goes to zero when nobody calls, and answers the first call from there', async () => {
  await untilNone(installation, SERVICES, IDLE_SECONDS);

  const answer = await request('GET', '/api/services/', { headers });

  expect([answer.status, answer.body]).toEqual([200, []]);
  expect(await livingPods(installation, SERVICES)).toHaveLength(1);
});

it('loses no request while twenty of its pods end', async () => {
  await scaleAtLeast(2);
  await untilReady(installation, SERVICES, 2);
  const load = startLoad({ request, path: '/api/services/', headers });
  for (let ended = 0; ended < 20; ended += 1) {
    const [oldest = ''] = await untilReady(installation, SERVICES, 2);
    await installation.kube.remove('pods', oldest);
  }
  const { answered, failures } = await load.stop();

  expect(failures).toEqual([]);
  expect(answered).toBeGreaterThan(200);
});

it('loses no request while a new revision takes over', async () => {
  const before = (await livingPods(installation, SERVICES)).map(({ metadata }) => metadata?.name);
  const load = startLoad({ request, path: '/api/services/', headers });
  await scaleAtLeast(1);
  await untilReady(installation, SERVICES, 1);
  const { answered, failures } = await load.stop();
  const after = (await livingPods(installation, SERVICES)).map(({ metadata }) => metadata?.name);

  expect(failures).toEqual([]);
  expect(answered).toBeGreaterThan(50);
  expect(after.filter((name) => before.includes(name))).toEqual([]);
});
