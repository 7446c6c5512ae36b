import { connect } from 'node:net';
import { ENDPOINTS, PODS, SERVICES } from '../../../../dev/cluster/controllers/client';
import { serviceAddress, type Address } from '../../../../dev/cluster/kubelet/serviceAddress';
import { node, startMachine, type Machine } from './machine';

let machine: Machine;
beforeEach(() => {
  machine = startMachine();
});
afterEach(() => machine.stop());

/** Listens where its words say, and answers with its name. */
const server = (port: number, more: object = {}): ReturnType<typeof node> =>
  node(
    "require('http').createServer((q, r) => r.end(process.env.HOSTNAME)).listen(Number(process.argv[1].split('=')[1]), '127.0.0.1')",
    {
      args: ['--', `--port=${port}`],
      ports: [{ name: 'http', containerPort: port }],
      readinessProbe: { httpGet: { path: '/', port: 'http' }, periodSeconds: 1 },
      ...more,
    },
  );

async function createService(): Promise<Address> {
  machine.client.create(SERVICES, {
    metadata: { name: 'web', namespace: 'default' },
    spec: { selector: { kind: 'web' }, ports: [{ name: 'main', port: 80, targetPort: 'http' }] },
  });
  return machine.until(() => serviceAddress(machine.store, 'default', 'web', 'main'));
}

const runServer = (name: string, more: object = {}): unknown =>
  machine.client.create(PODS, {
    metadata: { name, namespace: 'default', labels: { kind: 'web' } },
    spec: { containers: [server(8080, more)], terminationGracePeriodSeconds: 1 },
  });
const isReady = (name: string): boolean =>
  machine.pod(name)?.status?.conditions?.some((each) => each.type === 'Ready' && each.status === 'True') === true;
const ask = async ({ host, port }: Address): Promise<string> =>
  (await fetch(`http://${host}:${port}/`, { headers: { connection: 'close' } })).text();

test('pods with the same port do not collide, and a Service reaches them in turn', async () => {
  const address = await createService();
  runServer('one');
  runServer('two');
  await machine.until(() => isReady('one') && isReady('two'));
  await machine.until(
    () => machine.client.get(ENDPOINTS, 'default', 'web')?.subsets?.filter(({ addresses }) => addresses).length === 2,
  );
  const answers = [await ask(address), await ask(address), await ask(address), await ask(address)];
  expect(answers.toSorted()).toEqual(['one', 'one', 'two', 'two']);
  expect(serviceAddress(machine.store, 'default', 'web', 80)).toEqual(address);
});

test('a Service without a ready pod refuses', async () => {
  const { host, port } = await createService();
  const code = await new Promise((resolve) => {
    connect(port, host)
      .on('error', (error: NodeJS.ErrnoException) => resolve(error.code))
      .on('close', () => resolve('closed'))
      .resume();
  });
  expect(code).toBe('ECONNRESET');
});

test('a pod that fails its liveness probe is restarted, one that fails readiness is left out', async () => {
  runServer('sick', {
    livenessProbe: { exec: { command: ['sh', '-c', 'echo ill; exit 1'] }, periodSeconds: 1, failureThreshold: 1 },
  });
  runServer('shy', { readinessProbe: { tcpSocket: { port: 1 }, periodSeconds: 1 } });
  await machine.until(() => (machine.pod('sick')?.status?.containerStatuses?.[0]?.restartCount ?? 0) > 0);
  expect(machine.events('Unhealthy')).toContain('Liveness probe failed: ill\n');
  await machine.until(() =>
    machine.events('Unhealthy').some((message) => message.startsWith('Readiness probe failed: dial tcp 127.0.0.1:')),
  );
  expect(isReady('shy')).toBe(false);
});

test('a pod is told the address of Services that are there', async () => {
  const { port } = await createService();
  machine.run({ containers: [node('console.log(process.env.WEB_SERVICE_HOST, process.env.WEB_SERVICE_PORT)')] });
  await machine.until(() => machine.pod()?.status?.phase === 'Succeeded');
  expect(await machine.logs()).toBe(`127.0.0.1 ${port}\n`);
});
