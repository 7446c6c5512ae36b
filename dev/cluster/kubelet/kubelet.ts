// Runs the pods of the node `embedded` as processes of this machine, and lets Services reach them.
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { PodLogs } from '../api/podLogs';
import { NODE_NAME } from '../controllers/bootstrap';
import { createClient, PERSISTENT_VOLUMES, PODS, SERVICES, shaped } from '../controllers/client';
import { createRecorder } from '../controllers/events';
import type { Store, StoreEvent } from '../store';
import { endMarked } from './escaped';
import { createLogHub } from './logFile';
import type { KubeletOptions } from './options';
import { createPodLogs } from './podLogs';
import { createPortPool } from './ports';
import { reclaimVolume } from './podVolumes';
import { createPods, type Pods } from './pods';
import { endOrphans } from './processRecord';
import { startServiceRelay, type ServiceRelay } from './serviceRelay';

export type { KubeletOptions } from './options';

export interface Kubelet {
  readonly podLogs: PodLogs;
  /** Ends every process that was started. */
  readonly stop: () => Promise<void>;
}

type Listener = (event: StoreEvent) => void;

export function startKubelet(store: Store, options: KubeletOptions): Kubelet {
  const { stateDir, clock } = options;
  endAll(stateDir);
  rmSync(join(stateDir, 'pods'), { recursive: true, force: true });
  mkdirSync(join(stateDir, 'pods'), { recursive: true });

  // However this program ends, short of a SIGKILL, it leaves no process behind.
  const onExit = (): void => endAll(stateDir);
  process.once('exit', onExit);

  const client = createClient(store);
  const logs = createLogHub();
  const record = createRecorder(client, clock, { component: 'kubelet', host: NODE_NAME });
  const pods = createPods({ client, options, record, logs, portPool: createPortPool() });
  const relay = startServiceRelay(client);
  const listeners = listenersOf(pods, relay, stateDir);
  const unsubscribe = store.watch((event) => listeners[event.resource.kind]?.(event));
  for (const pod of client.list(PODS)) pods.changed(pod, undefined);
  for (const service of client.list(SERVICES)) relay.sync(service);

  return {
    podLogs: createPodLogs({ client, logs, stateDir, clock }),
    stop: async () => {
      unsubscribe();
      await Promise.all([pods.stop(), relay.stop()]);
      process.off('exit', onExit);
    },
  };
}

/** What any run of a kubelet with this folder has started. */
function endAll(stateDir: string): void {
  endOrphans(stateDir);
  endMarked(join(stateDir, 'pods'));
}

/** Who wants to know of changes of which kind. */
function listenersOf(pods: Pods, relay: ServiceRelay, stateDir: string): Readonly<Record<string, Listener>> {
  const sourceChanged: Listener = ({ object }) => pods.sourceChanged(object.metadata ?? {});
  return {
    Pod: ({ type, object, previous }) => {
      if (type === 'DELETED') pods.deleted(shaped(PODS, object));
      else pods.changed(shaped(PODS, object), previous && shaped(PODS, previous));
    },
    Service: ({ type, object }) => {
      if (type === 'DELETED') relay.forget(shaped(SERVICES, object));
      else relay.sync(shaped(SERVICES, object));
    },
    PersistentVolume: ({ type, object }) => {
      if (type === 'DELETED') reclaimVolume(stateDir, shaped(PERSISTENT_VOLUMES, object));
    },
    ConfigMap: sourceChanged,
    Secret: sourceChanged,
    PersistentVolumeClaim: sourceChanged,
  };
}
