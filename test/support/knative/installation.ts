// A whole installation from deploy/knative, as an operator would make it, in a namespace of its own.
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { credentialFile, WEB_SERVICE } from '../credentialFiles';
import type { KubeClient } from '../kubeClient';
import { readKubeconfig } from '../kubeconfigFile';
import { openNamespace } from '../namespace';
import { throughIngress, type Request } from './ingress';
import { kubectlIn, type Kubectl } from './kubectl';

export interface Installation {
  readonly namespace: string;
  readonly kube: KubeClient;
  readonly kubectl: Kubectl;
  /** A function that is reached through the ingress. */
  readonly request: (name: string) => Promise<Request>;
  readonly close: () => Promise<void>;
}

/** Of the sample descriptions. */
export const HUB = 'jupyterhub';
const VISIBILITY = '/metadata/labels/networking.knative.dev~1visibility';
/** Pods that end keep what they requested for half a minute, and Knative itself has most of two cores. */
const MODEST = { op: 'replace', path: '/spec/template/spec/containers/0/resources/requests/cpu', value: '1m' };
const IMPATIENT_REAPER = {
  op: 'add',
  path: '/spec/template/spec/containers/0/env/-',
  value: { name: 'START_DEADLINE_SECONDS', value: '60' },
};

export async function install(): Promise<Installation> {
  const { kube, namespace, close } = await openNamespace(readKubeconfig(process.env['KUBECONFIG'] ?? ''));
  const kubectl = kubectlIn(namespace);
  const overlay = writeOverlay(namespace);
  try {
    const credential = Buffer.from(credentialFile(HUB, { groups: [WEB_SERVICE] })).toString('base64');
    await kube.create('secrets', { metadata: { name: 'hub-functions-credentials' }, data: { [HUB]: credential } });
    await kubectl(['apply', '--kustomize', overlay]);
    const everything = 'ksvc,broker,trigger,pingsource,apiserversource';
    await kubectl(['wait', '--for=condition=Ready', everything, '--all', '--timeout=120s']);
  } finally {
    rmSync(overlay, { recursive: true });
  }
  return {
    namespace,
    kube,
    kubectl,
    request: async (name) => throughIngress(`hub-functions-${name}`, namespace),
    close,
  };
}

/** dist/deploy is what `npm run build:images` wrote; tests stand outside of the cluster, so the ingress must know the way. */
function writeOverlay(namespace: string): string {
  const folder = resolve('dist', `deploy-${namespace}`);
  const patches = [
    { target: { group: 'serving.knative.dev', kind: 'Service' }, patch: [{ op: 'remove', path: VISIBILITY }] },
    { target: { group: 'serving.knative.dev', kind: 'Service' }, patch: [MODEST] },
    // As impatient as they can be.
    { target: { name: 'hub-functions-reaper', kind: 'Service' }, patch: [IMPATIENT_REAPER] },
    { target: { kind: 'PingSource' }, patch: [{ op: 'replace', path: '/spec/schedule', value: '*/5 * * * * *' }] },
  ];
  const overlay = {
    apiVersion: 'kustomize.config.k8s.io/v1beta1',
    kind: 'Kustomization',
    resources: ['../deploy'],
    patches: patches.map(({ target, patch }) => ({ target, patch: JSON.stringify(patch) })),
  };
  mkdirSync(folder);
  writeFileSync(resolve(folder, 'kustomization.yaml'), JSON.stringify(overlay));
  return folder;
}
