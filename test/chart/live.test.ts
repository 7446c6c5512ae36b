// Helm on a cluster: what it finds there decides what it makes, and what it leaves.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createCluster, type Cluster } from '../../dev/cluster/cluster';
import { serveCluster, type ServedCluster } from '../../dev/cluster/serve';
import { CHART, helmOf, HELMS } from '../support/chart/helm';
import { kubeClient, type KubeClient } from '../support/kubeClient';
import { readKubeconfig } from '../support/kubeconfigFile';

const TIMEOUT = '5s';
const CLAIM = 'archive-repository';
const FUNCTIONS = 'openfaas-fn';

let folder: string;
let cluster: Cluster;
let served: ServedCluster;
let kube: KubeClient;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'hub-functions-live-'));
  // Without controllers nothing binds a claim, as many classes do not before its first pod.
  cluster = createCluster({ controllers: false });
  served = await serveCluster({ transport: cluster.transport, stateDir: folder });
  kube = kubeClient(readKubeconfig(served.kubeconfig), 'jhub');
  await makeNamespace(FUNCTIONS);
});
afterEach(async () => {
  kube.close();
  await served.close();
  await cluster.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function makeNamespace(name: string): Promise<void> {
  await kube.send('POST', '/api/v1/namespaces', { apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
}

const uidOf = async (): Promise<string | undefined> => (await kube.get('persistentvolumeclaims', CLAIM))?.metadata?.uid;

async function descriptions(): Promise<readonly string[]> {
  const { body } = await kube.send('GET', `/api/v1/namespaces/${FUNCTIONS}/secrets/hub-functions-descriptions`);
  return Object.keys(body['data'] ?? {}).filter((name) => !name.startsWith('submission__'));
}

describe.each(HELMS)('%s', (program) => {
  const run = async (verb: string, ...more: readonly string[]): Promise<string> =>
    helmOf(program)([verb, 'hub-functions', ...more, '--namespace', 'jhub', '--kubeconfig', served.kubeconfig]);
  const bring = async (...more: readonly string[]): Promise<string> =>
    run('upgrade', CHART, '--install', '--create-namespace', '--set', 'platform=openfaas', ...more);

  it('waits for no pod to bind the claim of archives, which outlives all that is done', async () => {
    await bring('--wait', '--timeout', TIMEOUT);
    const uid = await uidOf();
    expect(uid).toBeDefined();

    await bring('--wait', '--timeout', TIMEOUT, '--set', 'env.LOG_LEVEL=debug');
    await run('rollback', '1', '--wait', '--timeout', TIMEOUT);
    await run('uninstall');
    await bring('--wait', '--timeout', TIMEOUT);
    expect(await uidOf()).toBe(uid);
  });

  it('takes away the file of a description that is no longer there', async () => {
    await bring('--set', 'descriptions.a=one,descriptions.b=two');
    expect(await descriptions()).toEqual(['a', 'b']);

    await bring('--set', 'descriptions.a=one');
    expect(await descriptions()).toEqual(['a']);
  });

  it('refuses another platform while functions run on OpenFaaS', async () => {
    await bring();
    await expect(bring('--set', 'platform=deployment')).rejects.toThrow(
      'run on another platform than deployment: helm uninstall first',
    );
    expect(await kube.list('deployments')).toEqual([]);
    await expect(bring('--set', 'env.LOG_LEVEL=debug')).resolves.toContain('has been upgraded');
  });

  it('is upgraded where functions of OpenFaaS run in the namespace of the release', async () => {
    await makeNamespace('jhub');
    await bring('--set', 'openfaas.namespace=jhub');
    await expect(bring('--set', 'openfaas.namespace=jhub')).resolves.toContain('has been upgraded');
  });

  it('refuses OpenFaaS where its namespace is not, unless it cannot know', async () => {
    const elsewhere = ['--set', 'openfaas.namespace=elsewhere'];
    await expect(bring(...elsewhere)).rejects.toThrow('there is no namespace elsewhere for functions of OpenFaaS');
    expect(await kube.list('networkpolicies')).toEqual([]);
    await expect(bring(...elsewhere, '--dry-run=client')).resolves.toContain('elsewhere');
  });

  it('told to leave nothing, leaves no logins where functions of OpenFaaS run, and others alone', async () => {
    const secrets = `/api/v1/namespaces/${FUNCTIONS}/secrets`;
    for (const name of ['hub-functions-credentials', 'somebodys']) {
      await kube.send('POST', secrets, { apiVersion: 'v1', kind: 'Secret', metadata: { name } });
    }
    await bring('--set', 'uninstall.removeEverything=true');
    expect((await kube.send('GET', `${secrets}/hub-functions-credentials`)).status).toBe(200);

    // Nobody runs its Job here.
    await expect(run('uninstall', '--timeout', '2s')).rejects.toThrow('uninstallation completed with 1 error');
    const { body } = await kube.send('GET', secrets);
    expect(body.items?.map(({ metadata }) => metadata?.name)).toEqual(['somebodys']);
  });
});
