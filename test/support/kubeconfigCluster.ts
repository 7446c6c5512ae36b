// The cluster of KUBECONFIG, with a fresh namespace for the run.
import { resolve } from 'node:path';
import { readKubeconfig } from './kubeconfigFile';
import { openNamespace } from './namespace';
import type { TestCluster } from './testCluster';

export async function openKubeconfigCluster(): Promise<TestCluster> {
  const file = process.env['KUBECONFIG'];
  if (file === undefined) throw new Error('KUBECONFIG must name the kubeconfig file of the cluster to test on');
  const namespace = await openNamespace(readKubeconfig(file));
  return { ...namespace, environment: { KUBECONFIG: resolve(file) } };
}
