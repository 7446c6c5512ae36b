// The cluster that the suite runs on, as the jest project says: the embedded one, or that of KUBECONFIG, with functions as processes or on Knative.
import type { Cluster } from '../../dev/cluster/cluster';
import type { startFunction } from './functionProcess';
import type { KubeClient } from './kubeClient';

export interface TestCluster {
  readonly kube: KubeClient;
  /** Made for this run, deleted by `close`. */
  readonly namespace: string;
  /** How a function finds the cluster. */
  readonly environment: Readonly<Record<string, string>>;
  /** Faults and counts, on the embedded cluster only. */
  readonly embedded?: Pick<Cluster, 'faults' | 'requests'>;
  /** Where a function reads its files, when it runs in the cluster. */
  readonly volume?: string;
  /** Starts a function in the cluster instead of a process here. */
  readonly startFunction?: typeof startFunction;
  readonly close: () => Promise<void>;
}

declare global {
  // oxlint-disable-next-line no-var -- the form that declares a global
  var contractOn: 'embedded' | 'kubeconfig' | 'knative';
}

/** Loads only the one that is asked for. */
export async function openCluster(): Promise<TestCluster> {
  if (globalThis.contractOn === 'kubeconfig') return (await import('./kubeconfigCluster')).openKubeconfigCluster();
  if (globalThis.contractOn === 'knative') return (await import('./knative/cluster')).openKnativeCluster();
  return (await import('./embeddedCluster')).openEmbeddedCluster();
}
