// The cluster of KUBECONFIG with functions on its Knative; their files are on a volume that is a folder of this machine.
import { chmodSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { eventually } from '../eventually';
import type { FunctionEnvironment, FunctionProcess } from '../functionProcess';
import { openKubeconfigCluster } from '../kubeconfigCluster';
import { readKubeconfig } from '../kubeconfigFile';
import { openNamespace } from '../namespace';
import type { TestCluster } from '../testCluster';
import { hostOf, INGRESS, pastIngress, throughIngress } from './ingress';
import { kubectlIn, logsOf, READY_SECONDS, type Kubectl } from './kubectl';
import { deployedService, onClaim } from './service';

/** A service account, a role, or a binding. */
interface Granting {
  readonly subjects?: { namespace?: string }[];
}

const CLAIM = 'files';

export async function openKnativeCluster(): Promise<TestCluster> {
  const cluster = await openKubeconfigCluster();
  // Beside the namespace of the services, so that only they are seen there.
  const { namespace, ...own } = await openNamespace(readKubeconfig(process.env['KUBECONFIG'] ?? ''));
  const kubectl = kubectlIn(namespace);
  const close = async (): Promise<void> => {
    await Promise.all([own.close(), cluster.close()]);
  };
  const volume = await prepare(kubectl, { functions: namespace, services: cluster.namespace }).catch(
    async (error: unknown) => {
      await close();
      throw error;
    },
  );
  let count = 0;
  const startFunction = async (name: string, environment: FunctionEnvironment): Promise<FunctionProcess> => {
    count += 1;
    const instance = `${name}-${count}`;
    const service = onClaim(deployedService(name), CLAIM, volume);
    service.metadata.name = instance;
    // It stays until the test ends: what it wrote is read from its pod.
    service.spec.template.metadata.annotations['autoscaling.knative.dev/min-scale'] = '1';
    service.spec.template.spec.containers[0].env = Object.entries(environment).map(([key, value]) => ({
      name: key,
      value,
    }));
    await kubectl(['apply', '--filename', '-'], JSON.stringify(service));
    await kubectl(['wait', '--for=condition=Ready', `--timeout=${READY_SECONDS}s`, `ksvc/${instance}`]);
    const request = pastIngress(await throughIngress(instance, namespace));
    return {
      url: INGRESS,
      headers: { host: hostOf(instance, namespace) },
      request,
      output: () => logsOf(namespace, instance),
      stop: async () => void (await kubectl(['delete', 'ksvc', instance, '--ignore-not-found', '--wait=false'])),
      kill: () => undefined,
    };
  };
  return { ...cluster, environment: {}, volume, startFunction, close };
}

interface Namespaces {
  readonly functions: string;
  readonly services: string;
}

/** Answers the folder of the volume. */
async function prepare(kubectl: Kubectl, namespaces: Namespaces): Promise<string> {
  await allowClaims();
  await grant(namespaces);
  return makeVolume(kubectl);
}

/** The roles of rbac/, in one namespace for accounts of another. */
async function grant({ functions, services }: Namespaces): Promise<void> {
  const files = readdirSync('rbac').filter((file) => file !== 'kustomization.yaml');
  const parts = files.map((file) => parseAllDocuments(readFileSync(join('rbac', file), 'utf8')).map(toObject));
  const accounts = parts.map(([account]) => account);
  const others = parts.flatMap(([, ...rest]) => rest);
  for (const { subjects = [] } of others) for (const subject of subjects) subject.namespace = functions;
  await kubectlIn(functions)(['apply', '--filename', '-'], toList(accounts));
  await kubectlIn(services)(['apply', '--filename', '-'], toList(others));
}

function toObject(document: { readonly toJS: () => unknown }): Granting {
  return document.toJS() as Granting;
}

function toList(items: readonly unknown[]): string {
  return JSON.stringify({ apiVersion: 'v1', kind: 'List', items });
}

/** A feature of Knative that its defaults leave out, and that an installation from deploy/knative does not need. */
async function allowClaims(): Promise<void> {
  const features = JSON.stringify({ data: { 'kubernetes.podspec-persistent-volume-claim': 'enabled' } });
  await kubectlIn('knative-serving')(['patch', 'configmap', 'config-features', '--type=merge', '--patch', features]);
}

/** The cluster's storage is folders of its node, and its node is this machine. */
async function makeVolume(kubectl: Kubectl): Promise<string> {
  const spec = { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Mi' } } };
  const claim = { apiVersion: 'v1', kind: 'PersistentVolumeClaim', metadata: { name: CLAIM }, spec };
  await kubectl(['create', '--filename', '-'], JSON.stringify(claim));
  const name = await eventually(async () => {
    const text = await kubectl(['get', 'pvc', CLAIM, '--output', 'jsonpath={.spec.volumeName}']);
    return text === '' ? undefined : text;
  }, READY_SECONDS);
  const folder = await kubectl(['get', 'pv', name, '--output', 'jsonpath={.spec.hostPath.path}']);
  chmodSync(folder, 0o755);
  return folder;
}
