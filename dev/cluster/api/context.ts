// What the handlers of the API work with.
import type { Store } from '../store';
import type { PodLogs } from './podLogs';
import type { History } from './read/history';
import type { Pager } from './read/paging';

export interface Api {
  readonly store: Store;
  readonly history: History;
  readonly pager: Pager;
  readonly clock: () => Date;
  readonly podLogs: PodLogs;
  /** Aborts when the cluster stops: streams end with it. */
  readonly ended: AbortSignal;
}
