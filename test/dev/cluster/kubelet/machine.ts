// A store with controllers and a kubelet in a folder of its own, for tests that run real processes.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { PodLogsQuery } from '../../../../dev/cluster/api/podLogs';
import { createClient, EVENTS, PODS, type Client } from '../../../../dev/cluster/controllers/client';
import { startControllers } from '../../../../dev/cluster/controllers/controllers';
import type { Pod } from '../../../../dev/cluster/controllers/wire';
import { startKubelet, type Kubelet } from '../../../../dev/cluster/kubelet/kubelet';
import { createStore, type Store } from '../../../../dev/cluster/store';

export interface Machine {
  readonly store: Store;
  readonly client: Client;
  readonly kubelet: Kubelet;
  readonly stateDir: string;
  readonly run: (spec: Partial<Pod['spec']>, name?: string) => Pod;
  readonly pod: (name?: string) => Pod;
  /** Resolves to what `look` answers as soon as that is not undefined. */
  readonly until: <T>(look: () => T | undefined | false) => Promise<T>;
  readonly logs: (query?: Partial<PodLogsQuery>) => Promise<string>;
  readonly events: (reason: string) => readonly string[];
  readonly stop: () => Promise<void>;
}

const clock = (): Date => new Date();

export function startMachine(stateDir = mkdtempSync(join(tmpdir(), 'kubelet-'))): Machine {
  const store = createStore(clock);
  const client = createClient(store);
  const stopControllers = startControllers(store, { clock, jobBackOffBaseMs: 10 });
  const environment = {
    PATH: process.env['PATH'] ?? '',
    HOME: stateDir,
    LANG: 'C',
    TMPDIR: stateDir,
    SECRET_OF_HOST: 'x',
  };
  const kubelet = startKubelet(store, { stateDir, environment, clock, backOffBaseMs: 20 });
  const pod = (name = 'pod'): Pod => client.get(PODS, 'default', name)!;

  return {
    store,
    client,
    kubelet,
    stateDir,
    pod,
    run: (spec, name = 'pod') =>
      client.create(PODS, {
        metadata: { name, namespace: 'default', labels: { app: name } },
        spec: { restartPolicy: 'Never', ...spec },
      }),
    until: (look) => waitUntil(store, look),
    logs: async (query) => {
      const wanted = { namespace: 'default', pod: 'pod', follow: false, previous: false, timestamps: false };
      const chunks: Uint8Array[] = [];
      const signal = new AbortController().signal;
      for await (const chunk of kubelet.podLogs({ ...wanted, signal, ...query })) chunks.push(chunk);
      return Buffer.concat(chunks).toString();
    },
    events: (reason) =>
      client
        .list(EVENTS)
        .filter((event) => event.reason === reason)
        .map(({ message }) => message ?? ''),
    stop: async () => {
      stopControllers();
      await kubelet.stop();
      rmSync(stateDir, { recursive: true, force: true });
    },
  };
}

/** Looks again after every change, and now and then for what no object tells. */
function waitUntil<T>(store: Store, look: () => T | undefined | false): Promise<T> {
  return new Promise((resolve, reject) => {
    const check = (): void => {
      try {
        const found = look();
        if (found === undefined || found === false) return;
        done();
        resolve(found);
      } catch (error) {
        done();
        reject(error instanceof Error ? error : new Error(String(error)));
      }
    };
    const unsubscribe = store.watch(check);
    const timer = setInterval(check, 10);
    const done = (): void => {
      unsubscribe();
      clearInterval(timer);
    };
    check();
  });
}

/** A container that runs a line of JavaScript. */
export function node(script: string, more: object = {}): Pod['spec']['containers'][number] {
  return { name: 'main', image: 'node', command: ['node', '-e', script], ...more };
}

/** A killed process that init has not taken note of yet is not alive. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return process.platform !== 'linux' || !/\) Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}
