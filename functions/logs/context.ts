// What this function works with; made once in index.ts.
import type { Kube } from '../../lib/kube/kube';
import type { FunctionLog } from '../../lib/log';
import type { Logging } from '../../lib/logHandlers/logging';
import type { Reach } from './reach';

export interface Settings {
  readonly namespace: string;
  readonly reach: Reach;
  /** Container of a service whose log is meant. */
  readonly mainContainer: string;
}

export interface Context {
  readonly kube: Kube;
  readonly settings: Settings;
  readonly logging: Pick<Logging, 'apply' | 'refresh'>;
  readonly clock: () => Date;
  readonly log: FunctionLog;
}
