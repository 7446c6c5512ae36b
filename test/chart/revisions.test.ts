// Revisions of Knative start from zero again and again: the files that one was made with stay as long as it takes requests.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { createCluster, type Cluster } from '../../dev/cluster/cluster';
import { serveCluster, type ServedCluster } from '../../dev/cluster/serve';
import type { KubeObject } from '../../lib/kube/objects';
import { CHART, helm, KUBERNETES, nameOf, render } from '../support/chart/helm';
import { revision, withRevisions } from '../support/chart/withRevisions';
import { kubeClient, type KubeClient } from '../support/kubeClient';
import { readKubeconfig } from '../support/kubeconfigFile';

const REVISIONS = [
  revision('hub-functions-jobs-00001', 'hub-functions-config-gone', 'reserve'),
  revision('hub-functions-jobs-00002', 'hub-functions-config-serving', 'active'),
  revision('hub-functions-jobs-00003', 'hub-functions-config-bad', 'pending'),
  revision('somebodys-00001', 'somebodys', 'active'),
];

let folder: string;
let cluster: Cluster;
let served: ServedCluster;
let kube: KubeClient;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'hub-functions-revisions-'));
  cluster = createCluster({ controllers: false });
  const transport = withRevisions(cluster.transport, REVISIONS);
  served = await serveCluster({ transport, stateDir: folder });
  kube = kubeClient(readKubeconfig(served.kubeconfig), 'jhub');
  await kube.send('POST', '/api/v1/namespaces', { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'jhub' } });
  const annotations = { 'meta.helm.sh/release-name': 'hub-functions', 'meta.helm.sh/release-namespace': 'jhub' };
  for (const state of ['gone', 'serving', 'bad']) {
    const metadata = { name: `hub-functions-config-${state}`, annotations };
    await kube.create('configmaps', { metadata, data: { 'config.json': state } });
  }
  await kube.create('configmaps', { metadata: { name: 'somebodys' }, data: {} });
});
afterAll(async () => {
  kube.close();
  await served.close();
  await cluster.stop();
  rmSync(folder, { recursive: true, force: true });
});

function mapsOf(objects: readonly KubeObject[], named = /^/): readonly string[] {
  const names = objects.filter(({ kind }) => kind === 'ConfigMap').map(({ metadata }) => metadata?.name ?? '');
  return names.filter((name) => named.test(name)).toSorted();
}

// helm 4 wants to know each kind of what it renders, too.
test('a release has the files of the one that serves, beside its own', async () => {
  const own = mapsOf(await render());
  const live = ['--dry-run=server', '--kubeconfig', served.kubeconfig, '--api-versions', 'serving.knative.dev/v1'];
  const text = await helm(['template', 'hub-functions', CHART, '-n', 'jhub', ...live, ...KUBERNETES]);
  const objects = parseAllDocuments(text).map((document) => document.toJS() as KubeObject);

  expect(mapsOf(objects)).toEqual([...own, 'hub-functions-config-serving'].toSorted());
  const serving = objects.find((object) => nameOf(object) === 'ConfigMap/hub-functions-config-serving');
  expect(serving).toMatchObject({ data: { 'config.json': 'serving' } });
});

test('other files are other ConfigMaps: none that is mounted is changed', async () => {
  const [before, after] = await Promise.all([render(), render({ config: { reaper: { dry_run: false } } })]);
  const [config, others] = [/^hub-functions-config-[0-9a-f]{10}$/, /^hub-functions-(descriptions|submission)-/];

  expect(mapsOf(before, config)).toHaveLength(1);
  expect(mapsOf(after, config)).not.toEqual(mapsOf(before, config));
  expect(mapsOf(after, others)).toEqual(mapsOf(before, others));
});
