import { PassThrough, Readable } from 'node:stream';
import type { Terminal } from '../../../bin/command';
import { dispatch } from '../../../bin/dispatch';
import { doctor } from '../../../bin/doctor/doctor';
import type { Finding } from '../../../bin/doctor/finding';
import { createCluster, type Cluster } from '../../../dev/cluster/cluster';
import type { Right } from '../../../lib/kube/look';
import type { TransportRequest, TransportResponse } from '../../../lib/kube/transport';

const REVIEWS = '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews';

interface Answer {
  readonly status: number;
  readonly body: object;
  readonly headers?: Readonly<Record<string, string>>;
}

let cluster: Cluster;
let sent: TransportRequest[];
let output: string;
/** Answers in the cluster's place. */
let instead: (request: TransportRequest) => Answer | undefined;

const terminal: Terminal = {
  write: (text) => void (output += text),
  writeError: (text) => void (output += text),
  readInput: () => Promise.resolve(''),
  connect: () => Promise.resolve({ transport, namespace: 'default' }),
  clock: () => new Date('2026-11-29T12:01:40Z'),
  output: new PassThrough(),
  environment: {},
};

async function transport(request: TransportRequest): Promise<TransportResponse> {
  sent.push(request);
  const answer = instead(request);
  if (answer === undefined) return cluster.transport(request);
  const { status, body, headers = {} } = answer;
  return { status, headers, body: Readable.from([Buffer.from(JSON.stringify(body))]) };
}

const REFUSED: Answer = { status: 403, body: { kind: 'Status', reason: 'Forbidden', message: 'no' } };

/** The caller may do all that is not matched. */
const refusing =
  (isRefused: (right: Right) => boolean) =>
  ({ path, body = '' }: TransportRequest): Answer | undefined => {
    if (path !== REVIEWS) return undefined;
    const { spec } = JSON.parse(body) as { spec: { resourceAttributes: Right } };
    return { status: 201, body: { status: { allowed: !isRefused(spec.resourceAttributes) } } };
  };

/** Namespaces with their labels. */
const holding =
  (there: Readonly<Record<string, object>>) =>
  ({ path }: TransportRequest): Answer | undefined => {
    const labels = there[path.replace('/api/v1/namespaces/', '')];
    return labels && { status: 200, body: { metadata: { labels } } };
  };

const run = async (...args: string[]) => {
  output = '';
  const code = await dispatch(['doctor', ...args], { commands: [doctor], terminal });
  return { code, output };
};
const examine = async (...args: string[]) => {
  const { code, output: text } = await run('--json', ...args);
  const { findings } = JSON.parse(text) as { findings: readonly Finding[] };
  return { code, of: (check: string) => findings.find((finding) => finding.check === check) };
};

beforeEach(() => {
  cluster = createCluster({ kubelet: 'none' });
  sent = [];
  instead = () => undefined;
});
afterEach(() => cluster.stop());

test('a cluster without Knative is told so, with what to do, before anything is changed', async () => {
  const { code, output: text } = await run();
  expect(code).toBe(1);
  expect(text).toMatch(/^fail {2}Knative Serving +the cluster serves no Service$/m);
  expect(text).toMatch(
    /^fail {2}Knative Eventing +the cluster serves no PingSource, ApiServerSource, Trigger, Broker$/m,
  );
  expect(text).toContain('-> install Knative Serving: https://knative.dev/docs/install');
  expect(text).toMatch(/not ready: [34] to put right first/);
});

test('the same cluster is ready for plain Deployments', async () => {
  const { code, output: text } = await run('--platform', 'deployment');
  expect(code).toBe(0);
  expect(text).toContain('ok    Kubernetes');
  expect(text).toMatch(/^ok {4}rights +you may install in namespace default$/m);
  expect(text).toMatch(/^warn {2}storage +there is no storage class: claims wait for ever$/m);
  expect(text).toMatch(/\nready, with 3 to look at\n$/);
});

test.each(['knative', 'openfaas', 'deployment'])(
  'looking at a cluster for %s only reads and asks',
  async (platform) => {
    instead = refusing(({ verb }) => verb === '*');
    await run('--platform', platform);
    expect(sent.length).toBeGreaterThan(20);
    expect(sent.filter(({ method, path }) => method !== 'GET' && path !== REVIEWS)).toEqual([]);
  },
);

test('who may do everything is asked one question', async () => {
  await run('--platform', 'deployment');
  expect(sent.filter(({ path }) => path === REVIEWS)).toHaveLength(1);
});

test('rights that are missing are named, those to grant as well', async () => {
  const taken = new Set(['configmaps', 'events']);
  instead = refusing(({ verb, resource }) => ['*', 'escalate'].includes(verb) || taken.has(resource));
  const { code, of } = await examine('--platform', 'deployment');
  expect(code).toBe(1);
  expect(of('rights')?.message).toContain('get, create, patch, list, delete, watch, deletecollection configmaps');
  expect(of('rights')?.message).toMatch(/(list|get|watch)[a-z, ]* events/);
  expect(of('rights')?.message).toContain('configmaps hub-functions-log-handlers');
});

test('who may give away what they have not got is not asked for it', async () => {
  instead = refusing(({ verb, resource }) => verb === '*' || resource === 'events');
  const { of } = await examine('--platform', 'deployment');
  expect(of('rights')?.outcome).toBe('ok');
});

test('what may not be looked at is said', async () => {
  const closed = new Set(['/api/v1/nodes', '/apis/apps/v1/daemonsets', '/apis/storage.k8s.io/v1/storageclasses']);
  instead = ({ path }) => (closed.has(path) ? REFUSED : undefined);
  const { code, of } = await examine('--platform', 'deployment');
  expect(code).toBe(0);
  expect(of('storage')?.message).toBe('you may not look at storage classes');
  expect(of('network policies')?.message).toBe('you may not look at the network plugin');
});

test('clocks are compared', async () => {
  const headers = { date: 'Sun, 29 Nov 2026 12:00:00 GMT' };
  instead = ({ path }) => (path === '/version' ? { status: 200, body: { gitVersion: 'v1.30.1' }, headers } : undefined);
  const { of } = await examine('--platform', 'deployment');
  expect(of('clock')?.message).toMatch(/^this machine is (99|100) s ahead of the cluster$/);
  expect(of('Kubernetes')?.message).toContain('v1.30.1');
});

test('endpoints of the DNS are counted where they are', async () => {
  const dns = { metadata: { name: 'kube-dns', namespace: 'kube-system' } };
  const slices = {
    items: [{ endpoints: [{ conditions: { ready: false } }, { conditions: {} }] }, { endpoints: null }],
  };
  instead = ({ path }) => {
    if (path.startsWith('/api/v1/services?')) return { status: 200, body: { items: [dns] } };
    return path.startsWith('/apis/discovery.k8s.io/') ? { status: 200, body: slices } : undefined;
  };
  const { of } = await examine('--platform', 'deployment');
  expect(of('DNS')?.outcome).toBe('ok');
  expect(sent.map(({ path }) => path)).toContain(
    '/apis/discovery.k8s.io/v1/namespaces/kube-system/endpointslices?labelSelector=kubernetes.io%2Fservice-name%3Dkube-dns',
  );
});

describe('on OpenFaaS', () => {
  test('what functions start has a namespace, and functions have another one', async () => {
    const { code, of } = await examine('--platform', 'openfaas');
    expect(code).toBe(1);
    expect(of('namespace')?.fix).toBe('kubectl create namespace jhub');
    expect(of('functions')).toMatchObject({
      outcome: 'fail',
      message: expect.stringMatching(/^namespace openfaas-fn.* does not exist$/) as string,
    });
  });

  test('others may be named', async () => {
    instead = holding({ there: {} });
    const { of } = await examine('--platform', 'openfaas', '-n', 'here', '--functions-namespace', 'there');
    expect(of('namespace')?.fix).toBe('kubectl create namespace here');
    expect(of('functions')).toMatchObject({ outcome: 'ok', message: 'in namespace there' });
    const same = await examine('--platform', 'openfaas', '-n', 'there', '--functions-namespace', 'there');
    expect(same.of('functions')).toMatchObject({ outcome: 'warn' });
  });

  test('pod security is that of the namespace in which movers run', async () => {
    instead = holding({ jhub: { 'pod-security.kubernetes.io/enforce': 'restricted' }, 'openfaas-fn': {} });
    const { of } = await examine('--platform', 'openfaas');
    expect(of('namespace')?.message).toContain('jhub allows pods of the level restricted only');
  });

  test('roles, claim and policy are written in the one, Secrets in the other', async () => {
    instead = refusing(() => true);
    const { of } = await examine('--platform', 'openfaas');
    const [own = '', functions = ''] = of('rights')?.message.split('; in namespace ') ?? [];
    expect(own).toMatch(/^in namespace jhub you may not .*get, create, patch[a-z, ]* persistentvolumeclaims/);
    expect(own).toContain('networkpolicies.networking.k8s.io');
    expect(functions).toBe('openfaas-fn you may not get, create, patch secrets');
    expect(of('rights')?.fix).toMatch(/kubectl -n jhub .* && kubectl -n openfaas-fn /);
  });
});

test('answers for programs name what was asked', async () => {
  const { output: text } = await run('-o', 'json', '--platform', 'deployment');
  expect(JSON.parse(text)).toMatchObject({ platform: 'deployment', namespace: 'default' });
});

test('a failure that is no answer stays one', async () => {
  instead = () => ({ status: 401, body: { kind: 'Status', reason: 'Unauthorized', message: 'Unauthorized' } });
  expect(await run()).toEqual({ code: 1, output: 'hubfn: Unauthorized\n' });
});

test.each([
  [['--platform', 'swarm'], '--platform is knative, openfaas, deployment, not swarm'],
  [['--output', 'yaml'], '--output is text or json, not yaml'],
  [['now'], "Unexpected argument 'now'"],
])('%j is refused', async (args, message) => {
  const { code, output: text } = await run(...args);
  expect(code).toBe(2);
  expect(text).toContain(message);
  expect(sent).toEqual([]);
});
