// A store with controllers for tests: a clock that is moved by hand, and `settle` until nothing changes any more.
import type { KubeObject } from '../../../../lib/kube/objects';
import { startControllers } from '../../../../dev/cluster/controllers/controllers';
import { createClient, PODS, type Admit, type Client } from '../../../../dev/cluster/controllers/client';
import type { Pod } from '../../../../dev/cluster/controllers/wire';
import { createStore, type Store } from '../../../../dev/cluster/store';

export interface World {
  readonly store: Store;
  readonly client: Client;
  readonly now: () => Date;
  readonly pass: (seconds: number) => void;
  readonly settle: () => Promise<void>;
  readonly events: (reason: string) => readonly string[];
  /** Reports a status of a pod, as a kubelet would. */
  readonly report: (pod: Pod, status: Pod['status']) => Promise<void>;
  readonly stop: () => void;
}

export function createWorld(admit?: Admit): World {
  let time = Date.parse('2026-01-01T00:00:00Z');
  const now = (): Date => new Date(time);
  const store = createStore(now);
  const client = createClient(store);
  const stop = startControllers(store, { clock: now, ...(admit === undefined ? {} : { admit }) });
  const settle = async (): Promise<void> => {
    for (let before = -1; before !== store.resourceVersion;) {
      before = store.resourceVersion;
      await new Promise((resolve) => setImmediate(resolve));
      await new Promise((resolve) => setImmediate(resolve));
    }
  };
  return {
    store,
    client,
    now,
    settle,
    stop,
    pass: (seconds) => void (time += seconds * 1000),
    events: (reason) => messagesOf(store, reason),
    report: async (pod, status) => {
      client.modify(PODS, pod, (latest) => ({ ...latest, status: { ...latest.status, ...status } }));
      await settle();
    },
  };
}

function messagesOf(store: Store, reason: string): readonly string[] {
  const type = { group: '', version: 'v1', plural: 'events', kind: 'Event', namespaced: true } as never;
  return store
    .list(type)
    .filter((event: KubeObject) => event.reason === reason)
    .map((event: KubeObject) => String(event.message));
}

export function running(now: Date): Pod['status'] {
  return {
    phase: 'Running',
    podIP: '127.0.0.1',
    conditions: [{ type: 'Ready', status: 'True', lastTransitionTime: now.toISOString() }],
  };
}

export function failed(now: Date, exitCode = 1): Pod['status'] {
  return { phase: 'Failed', containerStatuses: [ended(now, exitCode)] };
}

export function succeeded(now: Date): Pod['status'] {
  return { phase: 'Succeeded', containerStatuses: [ended(now, 0)] };
}

function ended(now: Date, exitCode: number): NonNullable<NonNullable<Pod['status']>['containerStatuses']>[number] {
  const terminated = { exitCode, finishedAt: now.toISOString() };
  return { name: 'main', image: 'x', imageID: '', ready: false, restartCount: 0, state: { terminated } };
}
