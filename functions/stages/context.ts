// What this function works with; made once in index.ts.
import type { Kube } from '../../lib/kube/kube';
import type { Log } from '../../lib/log';
import type { Counters } from './counters';
import type { StagesSettings } from './settings';

export interface Context {
  readonly kube: Kube;
  readonly settings: StagesSettings;
  readonly clock: () => Date;
  readonly log: Log;
  readonly counters: Counters;
}
