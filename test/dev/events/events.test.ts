// Changes of the embedded cluster on their way to a function, as CloudEvents.
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { createCluster, type Cluster } from '../../../dev/cluster/cluster';
import { startEvents, TRIGGERS } from '../../../dev/events/events';
import { createKube } from '../../../lib/kube/kube';
import type { KubeObject } from '../../../lib/kube/objects';
import { eventually } from '../../support/eventually';

interface Received {
  readonly headers: IncomingHttpHeaders;
  readonly object: KubeObject;
}

const received: Received[] = [];
const reported: string[] = [];
let answers: number[] = [];
let cluster: Cluster;
let server: Server;
let ending: AbortController;

beforeEach(async () => {
  received.splice(0);
  reported.splice(0);
  answers = [];
  ending = new AbortController();
  cluster = createCluster();
  server = createServer((request, response) => {
    void json(request).then((object) => {
      received.push({ headers: request.headers, object: object as KubeObject });
      return response.writeHead(answers.shift() ?? 204).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  startEvents({
    watched: TRIGGERS['status'] ?? [],
    transport: cluster.transport,
    namespace: 'default',
    source: 'https://api',
    use: async (work) => work(port),
    report: (message) => void reported.push(message),
    signal: ending.signal,
    firstPauseMs: 1,
  });
  await eventually(async () =>
    cluster.requests().filter(({ verb }) => verb === 'watch').length === 3 ? true : undefined,
  );
});

afterEach(async () => {
  ending.abort();
  server.close();
  server.closeAllConnections();
  await cluster.stop();
});

const labels = { 'app.kubernetes.io/managed-by': 'hub-functions' };
const pod = (name: string, own: object = labels): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, namespace: 'default', labels: { ...own } },
  spec: { containers: [{ name: 'main', image: 'i' }] },
});
const create = async (object: KubeObject) => createKube(cluster.transport).create(object, { signal: ending.signal });
const about = (name: string): readonly Received[] =>
  received.filter(({ object }) => object.kind === 'Pod' && object.metadata?.name === name);

test('each change of an object of ours is an event that carries it, those of others are none', async () => {
  await create(pod('theirs', {}));
  await create(pod('ours'));
  await eventually(async () => about('ours')[0]);
  expect(about('ours')[0]?.headers).toMatchObject({
    'ce-type': 'dev.knative.apiserver.resource.add',
    'ce-source': 'https://api',
    'ce-kind': 'Pod',
    'ce-namespace': 'default',
    'ce-name': 'ours',
  });
  await eventually(async () => about('ours').find(({ headers }) => String(headers['ce-type']).endsWith('update')));
  expect(about('theirs')).toEqual([]);
});

test('what fails is sent again, what is refused is not, and what fails too often is given up', async () => {
  answers = [503, 204];
  await create(pod('again'));
  await eventually(async () => {
    const ids = received.map(({ headers }) => headers['ce-id']);
    return ids.find((id, index) => ids.indexOf(id) < index);
  });
  expect(reported).toEqual([]);

  answers = [400];
  await create(pod('poison'));
  await eventually(async () => reported[0]);
  expect(reported[0]).toMatch(/was answered 400 and is given up$/);
});
