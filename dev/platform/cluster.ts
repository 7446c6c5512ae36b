// What a platform needs to know of its cluster, embedded or real.
import type { Transport } from '../../lib/kube/transport';
import type { GatewayOptions } from '../gateway/gateway';

export interface PlatformCluster {
  readonly transport: Transport;
  /** Where the functions and what they start live. */
  readonly namespace: string;
  /** Made by this run and gone with it; only then may the run write what nobody asked for. */
  readonly isOwn: boolean;
  /** What is typed before `get pods`. */
  readonly kubectl: string;
  /** How the functions find the cluster. */
  readonly environment: Readonly<Record<string, string>>;
  readonly findService: GatewayOptions['findService'];
  readonly stop: () => Promise<void>;
}
