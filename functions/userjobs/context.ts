// What this function works with; made once in index.ts.
import type { Kube } from '../../lib/kube/kube';
import type { Log } from '../../lib/log';
import type { UserJobsConfig } from './configFile';
import type { TunnelImage } from './desired';

export interface Settings {
  readonly namespace: string;
  readonly userjobs: UserJobsConfig;
  /** Of the key and known_hosts. */
  readonly sshFolder: string;
  readonly isKnownSource: (source: string) => boolean;
}

export interface Context {
  readonly kube: Kube;
  readonly settings: Settings;
  /** What tunnels run. */
  readonly tunnelImage: (signal: AbortSignal) => Promise<TunnelImage>;
  readonly clock: () => Date;
  readonly log: Log;
}
