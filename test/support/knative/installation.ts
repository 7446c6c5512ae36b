// A whole installation from deploy/knative, as an operator would make it, in a namespace of its own.
import { rmSync } from 'node:fs';
import { credentialFile, WEB_SERVICE } from '../credentialFiles';
import type { KubeClient } from '../kubeClient';
import { readKubeconfig } from '../kubeconfigFile';
import { openNamespace } from '../namespace';
import { throughIngress, type Request } from './ingress';
import { kubectlIn, READY_SECONDS, type Kubectl } from './kubectl';
import { HUB, writeOverlay, type OwnValues } from './overlay';

const GROUPS = [WEB_SERVICE, 'access_to_jobs', 'access_to_archives', 'access_to_reaper', 'access_to_logging'];

export interface Installation {
  readonly namespace: string;
  readonly kube: KubeClient;
  readonly kubectl: Kubectl;
  /** A function that is reached through the ingress. */
  readonly request: (name: string) => Promise<Request>;
  readonly close: () => Promise<void>;
}

export async function install(values?: OwnValues): Promise<Installation> {
  const { kube, namespace, close } = await openNamespace(readKubeconfig(process.env['KUBECONFIG'] ?? ''));
  const kubectl = kubectlIn(namespace);
  const overlay = writeOverlay(namespace, values);
  try {
    const credential = Buffer.from(credentialFile(HUB, { groups: GROUPS })).toString('base64');
    await kube.create('secrets', { metadata: { name: 'hub-functions-credentials' }, data: { [HUB]: credential } });
    for (const [name, stringData] of Object.entries(values?.secrets ?? {})) {
      await kube.create('secrets', { metadata: { name }, stringData });
    }
    await kubectl(['apply', '--kustomize', overlay]);
    const everything = 'ksvc,broker,trigger,pingsource,apiserversource';
    await kubectl(['wait', '--for=condition=Ready', everything, '--all', `--timeout=${READY_SECONDS}s`]);
  } catch (error) {
    await close();
    throw error;
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
