// What this function works with; made once in index.ts.
import type { Kube } from '../../lib/kube/kube';
import type { Log } from '../../lib/log';
import type { StatusSettings } from './config';
import type { Counters } from './counters';
import type { Hubs } from './hubs';

export interface Context {
  readonly kube: Kube;
  readonly settings: StatusSettings;
  readonly clock: () => Date;
  readonly log: Log;
  readonly hubs: Hubs;
  readonly counters: Counters;
}
