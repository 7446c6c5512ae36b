// Services that cannot start or that end: a typed reason, `running: false` only when it is final, and nothing stays but the record.
import { eventually, untilEmpty } from '../support/eventually';
import type { Polled } from '../support/hub';
import { everyKind, mainDeployment, service, yaml, type MainDeployment } from '../support/manifests';
import { createWorld, type World } from '../support/world';

let world: World;

beforeAll(async () => {
  world = await createWorld({ config: { services: { status_information: { container_logs_lines: 2 } } } });
});

afterAll(async () => {
  await world?.close();
});

interface Failing {
  readonly main: MainDeployment;
  readonly reason: string;
  readonly retryable: boolean;
  readonly error: string;
  readonly detail: RegExp;
}

const CANNOT_START = 'Service cannot start';
const TERMINATED = 'Service status is in state terminated';

/** A crash loop has ten seconds between two attempts on a real cluster. */
const PATIENCE_SECONDS = 60;
jest.setTimeout(PATIENCE_SECONDS * 1000 + 5_000);

async function start(name: string, main: MainDeployment): Promise<void> {
  world.workspace.describe(name, { 'service.yaml': yaml(mainDeployment(main), service()) });
  expect((await world.hub.start(name, { service: name, startId: '1' })).status).toBe(201);
}

async function untilOver(name: string, main: MainDeployment): Promise<Polled> {
  await start(name, main);
  return world.hub.untilOver(name, PATIENCE_SECONDS);
}

const LOGS = '<details><summary>&nbsp&nbsp&nbsp&nbspContainer Logs</summary>';
const EVENTS = '<details><summary>&nbsp&nbsp&nbsp&nbspKubernetes events</summary>';
const shell = (script: string): MainDeployment => ({ command: ['sh', '-c', script] });

describe('weakness 8: a hopeless start is told', () => {
  const cases: Readonly<Record<string, Failing>> = {
    'no-registry': {
      main: { image: 'registry.invalid/none:1' },
      reason: 'ImagePull',
      retryable: true,
      error: CANNOT_START,
      detail: /registry\.invalid/,
    },
    'bad-image': {
      main: { image: 'Not/A/Name:1' },
      reason: 'ImagePull',
      retryable: false,
      error: CANNOT_START,
      detail: /Not\/A\/Name/,
    },
    'no-secret': {
      main: { container: { envFrom: [{ secretRef: { name: 'missing-secret' } }] } },
      reason: 'ConfigError',
      retryable: false,
      error: CANNOT_START,
      detail: /missing-secret/,
    },
    'no-volume': {
      main: { pod: { volumes: [{ name: 'v', persistentVolumeClaim: { claimName: 'missing-claim' } }] } },
      reason: 'VolumeMount',
      retryable: false,
      error: CANNOT_START,
      detail: /missing-claim/,
    },
    'no-command': {
      main: { command: ['/no/such/command'] },
      reason: 'ConfigError',
      retryable: false,
      error: CANNOT_START,
      detail: /no\/such\/command/,
    },
    'no-node': {
      main: { pod: { nodeSelector: { 'test/none': 'such' } } },
      reason: 'Unschedulable',
      retryable: true,
      error: CANNOT_START,
      detail: /0\/\d+ nodes are available/,
    },
    'exits-cleanly': {
      main: shell("echo one; printf '\\074b\\076two & $&\\n'; echo three; exit 0"),
      reason: 'Exited',
      retryable: false,
      error: TERMINATED,
      detail: /<\/summary>&lt;b&gt;two &amp; \$&amp;<br>three<\/details>$/,
    },
    'talks-a-lot': {
      main: shell("yes '\"' | head -c 500000 | tr -d '\\n'; exit 0"),
      reason: 'Exited',
      retryable: false,
      error: TERMINATED,
      detail: /&quot;&quot;<\/details>$/,
    },
    crashes: {
      main: shell('echo broken; exit 3'),
      reason: 'CrashLoop',
      retryable: false,
      error: TERMINATED,
      detail: /broken/,
    },
  };

  beforeAll(async () => {
    await Promise.all(Object.entries(cases).map(async ([name, { main }]) => start(name, main)));
  });

  it.each(Object.entries(cases))('%s', async (name, { reason, retryable, error, detail }) => {
    const polled = await world.hub.untilOver(name, PATIENCE_SECONDS);

    expect(polled.status).toMatchObject({ reason, retryable, message: expect.stringMatching(/\w+.*\.$/) });
    expect(polled.details?.error).toBe(error);
    expect(polled.details?.detailed_error).toMatch(detail);
    expect(polled.details?.detailed_error).toContain(error === TERMINATED ? LOGS : EVENTS);
  });

  it('a crash of the main pod, beside other pods of the description that are well', async () => {
    const crashing = mainDeployment(shell('exit 3'));
    world.workspace.describe('beside', { 'service.yaml': yaml(...everyKind(), service(), crashing) });
    await world.hub.start('beside', { service: 'beside', startId: '1' });

    const polled = await world.hub.untilOver('beside', PATIENCE_SECONDS);

    expect(polled.status).toMatchObject({ reason: 'CrashLoop' });
  });

  it('quota', async () => {
    const quota = { metadata: { name: 'none' }, spec: { hard: { pods: '0' } } };
    await world.cluster.kube.create('resourcequotas', quota);
    await eventually(async () => {
      const status = (await world.cluster.kube.get('resourcequotas', 'none'))?.['status'] as
        { hard?: unknown } | undefined;
      return status?.hard;
    });

    const polled = await untilOver('quota', {});
    await world.cluster.kube.remove('resourcequotas', 'none');

    expect(polled.status).toMatchObject({ phase: 'failed', reason: 'Quota', retryable: true });
    expect(polled.details).toMatchObject({
      error: CANNOT_START,
      detailed_error: expect.stringContaining('exceeded quota'),
    });
  });
});

describe('what is over', () => {
  it('weakness 6: has lost all its objects by itself, and the record still answers', async () => {
    const first = await untilOver('gone', shell('echo last words; exit 0'));
    await eventually(async () => {
      const left = (await world.cluster.kube.everything()).filter((name) => name.includes('gone'));
      expect(left).toEqual([expect.stringMatching(/^ConfigMap\/service-gone-/)]);
      return true;
    });

    const other = world.hubOf('hub-a', await world.addServices());
    expect(await world.hub.poll('gone')).toEqual(first);
    expect(await other.poll('gone')).toEqual(first);
    expect(first.details?.detailed_error).toContain('last words');
  });

  it('stays in the list, and in the list with suffix it is not running', async () => {
    await untilOver('listed', shell('exit 0'));

    const { body } = await world.hub.send('GET', '/api/services.json');

    expect(body).toContainEqual(expect.objectContaining({ servername: 'listed', running: false }));
  });

  it('is told in the answer to an update, and a repeat of the start does not wake it', async () => {
    await untilOver('late', shell('exit 0'));

    expect((await world.hub.update('late')).status).toBe(409);
    expect((await world.hub.start('late', { service: 'late', startId: '1' })).status).toBe(201);
    expect(await world.hub.poll('late')).toMatchObject({ running: false });
    await eventually(async () => {
      const left = (await world.cluster.kube.everything()).filter((name) => /^(Deployment|Pod).*late/.test(name));
      if (left.length > 0) throw new Error(`still there: ${left.join(', ')}`);
      return true;
    });
  });

  it('ends and is removed like any other with the largest options and the longest log', async () => {
    world.workspace.describe('heavy', {
      'service.yaml': yaml(mainDeployment(shell(`head -c 32000 /dev/zero | tr '\\0' '"'; exit 1`))),
    });
    const room = 256 * 1024 - JSON.stringify({ service: 'heavy', note: '' }).length;
    const startWith = async (length: number) =>
      world.hub.start('heavy', { service: 'heavy', options: { note: 'x'.repeat(length) } });

    expect(await startWith(room + 1)).toMatchObject({
      status: 400,
      body: { user_options: ['Larger than 262144 bytes of JSON.'] },
    });
    expect((await startWith(room)).status).toBe(201);
    const { details } = await world.hub.untilOver('heavy');
    expect(details?.detailed_error).toContain('&quot;&quot;');
    await eventually(async () => {
      const left = (await world.cluster.kube.everything()).filter((name) => name.includes('heavy'));
      expect(left).toEqual([expect.stringMatching(/^ConfigMap\/service-heavy-/)]);
      return true;
    });
  });

  it('gives way to a new start', async () => {
    await untilOver('retried', shell('exit 0'));
    world.workspace.describe('retried', { 'service.yaml': yaml(mainDeployment()) });

    expect((await world.hub.start('retried', { service: 'retried', startId: '2' })).status).toBe(201);

    expect(await world.hub.untilRunning('retried')).toMatchObject({ start_id: '2' });
  });

  it('is removed by a stop', async () => {
    await untilOver('removed', shell('exit 0'));

    expect((await world.hub.stop('removed')).status).toBe(204);
    expect((await world.hub.send('GET', '/api/services/removed/')).status).toBe(404);
  });

  it('goes with the last stop, and nothing is left at all', async () => {
    const { body } = await world.hub.send('GET', '/api/services/');
    for (const { servername } of body as readonly { servername: string }[]) await world.hub.stop(servername);

    await untilEmpty(world.cluster.kube);
    expect((await world.hub.send('GET', '/api/services/')).body).toEqual([]);
  });
});
