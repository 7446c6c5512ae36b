// The cluster that the suite runs on, as the jest project says: the embedded one, or that of KUBECONFIG.
import type { Cluster } from '../../dev/cluster/cluster';
import type { KubeClient } from './kubeClient';

export interface TestCluster {
  readonly kube: KubeClient;
  /** Made for this run, deleted by `close`. */
  readonly namespace: string;
  /** How a function finds the cluster. */
  readonly environment: Readonly<Record<string, string>>;
  /** Faults and counts, on the embedded cluster only. */
  readonly embedded?: Pick<Cluster, 'faults' | 'requests'>;
  readonly close: () => Promise<void>;
}

declare global {
  // oxlint-disable-next-line no-var -- the form that declares a global
  var contractOn: 'embedded' | 'kubeconfig';
}

/** Loads only the one that is asked for. */
export async function openCluster(): Promise<TestCluster> {
  if (globalThis.contractOn === 'kubeconfig') return (await import('./kubeconfigCluster')).openKubeconfigCluster();
  return (await import('./embeddedCluster')).openEmbeddedCluster();
}
