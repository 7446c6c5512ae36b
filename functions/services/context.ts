// What the operations of this function work with; made once in index.ts.
import type { Kube } from '../../lib/kube/kube';
import type { Log } from '../../lib/log';
import type { Cache } from './cache/cache';
import type { Settings } from './settings';

export interface Context {
  readonly kube: Kube;
  readonly cache: Cache;
  readonly settings: Settings;
  /** How long one progress stream lasts at most. */
  readonly streamSeconds: number;
  readonly clock: () => Date;
  readonly log: Log;
}
