// What is known of a cluster when it is judged. `Seen`: some of it may be hidden from the caller.
import type { Right, Seen } from '../../lib/kube/look';

export const PLATFORMS = ['knative', 'openfaas', 'deployment'] as const;
export type Platform = (typeof PLATFORMS)[number];

type Labels = Readonly<Record<string, string>>;

/** A kind that is installed, and what its API calls it where the cluster serves it. */
export interface InstalledKind {
  readonly apiVersion: string;
  readonly kind: string;
  readonly resource: string | undefined;
}

export interface StorageClass {
  readonly name: string;
  readonly isDefault: boolean;
  readonly reclaimPolicy: string;
}

/** A Deployment of somebody else's that ours depend on. */
export interface Workload {
  readonly name: string;
  readonly image: string;
  readonly isAvailable: boolean;
}

/** One half of Knative. */
export interface Component {
  /** As its namespace says; `devel` for what was built from source. */
  readonly version: Seen<string>;
  readonly workloads: Seen<readonly Workload[]>;
  /** Its ConfigMap `config-features` or `config-br-defaults`. */
  readonly settings: Seen<Labels>;
}

export interface Facts {
  readonly platform: Platform;
  readonly namespace: string;
  readonly namespaceLabels: Seen<Labels>;
  /** Where functions find their Secrets: on OpenFaaS one of their own. */
  readonly functionsNamespace: string;
  readonly functionsLabels: Seen<Labels>;
  readonly kubernetes: Seen<string>;
  /** How far this machine's clock is ahead; undefined when the cluster's is unknown. */
  readonly clockAheadSeconds: number | undefined;
  readonly nodes: Seen<number>;
  readonly kinds: readonly InstalledKind[];
  /** Of what the installation needs, what the caller may not do. */
  readonly denied: readonly Right[];
  readonly storageClasses: Seen<readonly StorageClass[]>;
  readonly snapshotClasses: Seen<readonly string[]>;
  /** Claims of the installation that one node at a time can mount. */
  readonly singleNodeClaims: readonly string[];
  readonly daemonSets: Seen<readonly string[]>;
  /** Ready endpoints of each Service that says it is the cluster's DNS. */
  readonly dns: Seen<readonly number[]>;
  readonly serving: Component;
  readonly eventing: Component;
  /** Flags of Knative Serving that the manifests need. */
  readonly features: readonly string[];
  /** What runs in the namespace `openfaas`. */
  readonly openfaas: Seen<readonly Workload[]>;
}
