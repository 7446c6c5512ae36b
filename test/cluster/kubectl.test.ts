// The real kubectl on the embedded cluster: what people type must work, and read as they know it.
import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { createCluster, type Cluster } from '../../dev/cluster/cluster';
import { serveCluster, type ServedCluster } from '../../dev/cluster/serve';

const run = promisify(execFile);
const kubectl = process.env['KUBECTL'] ?? 'kubectl';

const manifest = (greeting: string): string => `
apiVersion: v1
kind: ConfigMap
metadata: {name: page, labels: {app: web}}
data: {greeting: ${greeting}}
---
apiVersion: v1
kind: Service
metadata: {name: web, labels: {app: web}}
spec: {selector: {app: web}, ports: [{port: 80, targetPort: 8080}]}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, labels: {app: web}}
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      terminationGracePeriodSeconds: 1
      containers:
        - name: main
          image: node:20
          command: [node, -e, "let n = 0; setInterval(() => console.log('line', n++), 50)"]
---
apiVersion: batch/v1
kind: Job
metadata: {name: sum, labels: {app: web}}
spec:
  template:
    spec:
      restartPolicy: Never
      containers: [{name: main, image: node:20, command: [node, -e, "console.log(6 * 7)"]}]
`;

let folder: string;
let cluster: Cluster;
let served: ServedCluster;
const children: ChildProcess[] = [];

async function kube(...args: readonly string[]): Promise<string> {
  const { stdout } = await run(kubectl, ['--kubeconfig', served.kubeconfig, ...args], { timeout: 30_000 });
  return stdout;
}

/** Starts kubectl and resolves when its output matches. */
async function follow(pattern: RegExp, ...args: readonly string[]): Promise<string> {
  const child = spawn(kubectl, ['--kubeconfig', served.kubeconfig, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
  children.push(child);
  let output = '';
  for await (const chunk of child.stdout) {
    output += String(chunk);
    if (pattern.test(output)) break;
  }
  child.kill();
  return output;
}

const apply = async (greeting: string, ...options: readonly string[]): Promise<string> => {
  const file = join(folder, 'web.yaml');
  writeFileSync(file, manifest(greeting));
  return kube('apply', '-f', file, ...options);
};

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'kubectl-'));
  const environment = { PATH: process.env['PATH'] ?? '' };
  cluster = createCluster({ kubelet: { stateDir: join(folder, 'kubelet'), environment, clock: () => new Date() } });
  served = await serveCluster({ transport: cluster.transport, stateDir: join(folder, 'state') });
});

afterAll(async () => {
  for (const child of children) child.kill();
  await served.close();
  await cluster.stop();
  rmSync(folder, { recursive: true, force: true });
});

test('apply makes, changes and leaves alone', async () => {
  expect(await apply('hello')).toMatch(
    /configmap\/page created[^]*deployment.apps\/web created[^]*job.batch\/sum created/,
  );
  expect(await apply('hello')).toMatch(/configmap\/page unchanged[^]*deployment.apps\/web unchanged/);
  expect(await apply('changed')).toMatch(/configmap\/page configured/);
  expect(await kube('get', 'configmap', 'page', '-o', 'jsonpath={.data.greeting}')).toBe('changed');
  await expect(apply('server', '--server-side', '--force-conflicts')).resolves.toMatch(
    /configmap\/page serverside-applied/,
  );
});

test('wait and rollout status end when the thing is there', async () => {
  expect(await kube('rollout', 'status', 'deployment/web', '--timeout=20s')).toMatch(/successfully rolled out/);
  expect(await kube('wait', '--for=condition=Available', 'deployment/web', '--timeout=20s')).toMatch(/condition met/);
  expect(await kube('wait', '--for=condition=Complete', 'job/sum', '--timeout=20s')).toMatch(/condition met/);
  expect(await kube('wait', '--for=condition=Ready', 'pod', '-l', 'app=web', '--timeout=20s')).toMatch(/condition met/);
});

test('get shows the columns that people know', async () => {
  expect(await kube('get', 'pods')).toMatch(/NAME +READY +STATUS +RESTARTS +AGE/);
  expect(await kube('get', 'pods', '-l', 'app=web')).toMatch(/web-\w+-\w+ +1\/1 +Running +0 /);
  expect(await kube('get', 'pods', '-o', 'wide')).toMatch(/IP +NODE/);
  expect(await kube('get', 'deploy,svc,cm,job,nodes,namespaces,events')).toMatch(/deployment.apps\/web +1\/1 +1 +1 /);
  expect(await kube('get', 'pods', '--field-selector', 'status.phase=Succeeded', '-o', 'name')).toMatch(
    /^pod\/sum-\w+\n$/,
  );
});

test('describe tells the events', async () => {
  expect(await kube('describe', 'pod', '-l', 'app=web')).toMatch(/Events:[^]*Scheduled[^]*Started/);
  expect(await kube('describe', 'deployment', 'web')).toMatch(/Scaled up replica set/);
});

test('logs are read and followed', async () => {
  expect(await kube('logs', 'job/sum')).toBe('42\n');
  expect(await follow(/line \d+\nline \d+/, 'logs', '-f', '--tail=1', 'deployment/web')).toMatch(/line/);
});

test('get -w shows changes', async () => {
  const watching = follow(/web +0\/0/, 'get', 'deployment', 'web', '-w');
  await kube('scale', 'deployment', 'web', '--replicas=0');
  expect(await watching).toMatch(/web +0\/0/);
});

test('label, annotate and patch', async () => {
  await kube('label', 'configmap', 'page', 'color=blue');
  await kube('annotate', 'configmap', 'page', 'note=x');
  await kube('patch', 'configmap', 'page', '--type=merge', '-p', '{"data":{"more":"1"}}');
  expect(await kube('get', 'configmap', '-l', 'color=blue', '-o', 'jsonpath={.items[0].data.more}')).toBe('1');
});

test('delete waits until nothing is left', async () => {
  await kube('delete', 'deployment,job,service', '-l', 'app=web', '--timeout=20s');
  await kube('wait', '--for=delete', 'pod', '-l', 'app=web', '--timeout=20s');
  expect(await kube('get', 'pods,deploy,rs,job', '-o', 'name')).toBe('');
});

test('a mistake is answered as a real API server would', async () => {
  const file = join(folder, 'bad.yaml');
  writeFileSync(file, 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: Bad_Name}\n');
  await expect(kube('apply', '-f', file)).rejects.toThrow(/metadata.name: Invalid value: "Bad_Name"/);
  await expect(kube('get', 'pod', 'nowhere')).rejects.toThrow('Error from server (NotFound): pods "nowhere" not found');
});

test('nobody gets in without the token', async () => {
  await expect(kube('--token=wrong', 'get', 'pods')).rejects.toThrow(/Unauthorized|You must be logged in/);
});
