// What this function works with; made once in index.ts.
import type { Kube } from '../../lib/kube/kube';
import type { Log } from '../../lib/log';
import type { JobsConfig } from './configFile';

export interface Settings {
  readonly namespace: string;
  readonly jobs: JobsConfig;
  /** Where the reaper keeps logs, when it does so outside of the cluster's objects. */
  readonly recordFolder?: string | undefined;
}

export interface Context {
  readonly kube: Kube;
  readonly settings: Settings;
  /** How long one event stream lasts at most. */
  readonly streamSeconds: number;
  readonly clock: () => Date;
  readonly log: Log;
}
