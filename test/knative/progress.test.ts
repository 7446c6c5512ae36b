// How a hub hears of its starts, on the whole way: pod, source, broker, trigger, status, hub; and by the timer when the sources are down.
import { setTimeout as sleep } from 'node:timers/promises';
import { eventually } from '../support/eventually';
import { hubOf, type Hub } from '../support/hub';
import { startHubStub, type HubStub, type Told } from '../support/hubStub';
import type { Request } from '../support/knative/ingress';
import { install, type Installation } from '../support/knative/installation';
import { EVERY_FEW_SECONDS, HUB } from '../support/knative/overlay';
import { isServing, livingPods, untilNone } from '../support/knative/pods';
import { mainDeployment, yaml } from '../support/manifests';

const CRASHING = mainDeployment({ command: ['sh', '-c', 'echo no such flavor; exit 3'] });

/** Long enough on its way to be seen there, however late a function wakes up. */
const UNHURRIED = mainDeployment({
  container: { readinessProbe: { exec: { command: ['true'] }, initialDelaySeconds: 20 } },
});
/** Grace period of the cluster, and the time that pods take to end. */
const IDLE_SECONDS = 180;

let stub: HubStub;
let installation: Installation;
let status: Request;
let hub: Hub;

beforeAll(async () => {
  stub = await startHubStub();
  installation = await install({
    config: { services: { status_policy: { crashLimit: 2 } }, hubs: { [HUB]: [stub.url] } },
    descriptions: { crashing: yaml(CRASHING), unhurried: yaml(UNHURRIED) },
  });
  status = await installation.request('status');
  hub = hubOf({ request: await installation.request('services') }, HUB);
});

afterAll(async () => {
  stub?.close();
  await installation?.close();
});

async function start(name: string, service: string): Promise<void> {
  const env = { JUPYTERHUB_STATUS_URL: `users/progress/status/${name}` };
  expect((await hub.start(name, { service, startId: '1', env })).status).toBe(201);
}

/** Nobody polls meanwhile. */
async function untilTold(name: string, wanted: (told: Told['body']) => boolean): Promise<readonly Told['body'][]> {
  return eventually(async () => {
    const bodies = stub.told(`/${name}`).map(({ body }) => body);
    if (bodies.some(wanted)) return bodies;
    throw new Error(`told so far: ${JSON.stringify(bodies)}`);
  }, 90);
}

const isReady = ({ message }: Told['body']): boolean => message === 'The service is running.';
const isFailed = ({ failed }: Told['body']): boolean => failed;

async function found(counter: string): Promise<number> {
  const { text } = await status('GET', '/metrics');
  return Number(new RegExp(`^hub_functions_status_${counter}_total (\\d+)$`, 'm').exec(text)?.[1]);
}

it('status sleeps while no service changes, whatever happens to functions', async () => {
  await untilNone(installation, 'status', IDLE_SECONDS);
  // Its own end is an event, too.
  await sleep(30_000);
  expect(await livingPods(installation, 'status')).toEqual([]);
}, 200_000);

it('the events of its pod tell a hub of a start step by step, each once', async () => {
  await start('steps', 'unhurried');

  const bodies = await untilTold('steps', isReady);

  expect(bodies.length).toBeGreaterThan(1);
  expect(bodies.at(-1)).toMatchObject({ progress: 99, failed: false, ready: false });
  const percents = bodies.map(({ progress }) => progress);
  expect(percents).toEqual(percents.toSorted((a, b) => a - b));
});

it('a start that crashes is told with its reason, and nobody had to ask', async () => {
  await start('hopeless', 'crashing');

  const bodies = await untilTold('hopeless', isFailed);

  expect(bodies.at(-1)).toMatchObject({ progress: 100, failed: true, reason: 'CrashLoop' });
  expect(bodies.at(-1)?.html_message).toContain('no such flavor');
});

it('without sources the sweep finds what was missed, counts it, and cleans up', async () => {
  await installation.kubectl(['delete', 'apiserversource', '--all']);
  await eventually(async () => {
    const left = await installation.kube.list('pods', 'eventing.knative.dev/source=apiserver-source-controller');
    return left.length === 0 ? true : undefined;
  }, 60);
  await start('missed', 'hello');
  await eventually(async () => {
    const pods = await installation.kube.list('pods');
    return pods.some((pod) => pod.metadata?.name?.includes('-missed-') && isServing(pod)) ? true : undefined;
  }, 60);
  expect(stub.told('/missed')).toEqual([]);
  const timer = JSON.stringify({ spec: { schedule: EVERY_FEW_SECONDS } });
  await installation.kubectl(['patch', 'pingsource', 'hub-functions-status', '--type=merge', '--patch', timer]);

  await untilTold('missed', isReady);

  // Counted when it is through with all of them.
  await eventually(async () => ((await found('sweep_found_missed')) > 0 ? true : undefined));
  await eventually(async () => {
    const left = (await installation.kube.everything()).filter((each) => each.includes('hopeless'));
    expect(left).toEqual([expect.stringMatching(/^ConfigMap\/service-hopeless-/)]);
    return true;
  }, 60);
});

it('nothing was told twice, even long after', () => {
  for (const name of ['steps', 'hopeless', 'missed']) {
    const messages = stub.told(`/${name}`).map(({ body }) => body.message);
    expect(messages).toEqual([...new Set(messages)]);
  }
});
