// Keeps one pod: starts it, ends it when it is deleted or out of time.
import { EventEmitter } from 'node:events';
import { chmodSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { PODS, type Client } from '../controllers/client';
import type { RecordEvent } from '../controllers/events';
import { PORTS_ANNOTATION } from '../controllers/podPorts';
import type { Pod } from '../controllers/wire';
import { endMarked } from './escaped';
import type { LogHub } from './logFile';
import type { KubeletOptions } from './options';
import { declaredPorts, type PortPool } from './ports';
import { graceMs, latestPod, sleep, type PodContext } from './podContext';
import { runPod } from './podRun';
import { setUpVolumes } from './podVolumes';
import type { Ports } from './rewriting';
import type { RunningProcess } from './runningProcess';
import { createStatusBoard, type Failure } from './statusBoard';

export interface Node {
  readonly client: Client;
  readonly options: KubeletOptions;
  readonly record: RecordEvent;
  readonly logs: LogHub;
  readonly portPool: PortPool;
}

export interface PodWorker {
  /** Something changed that the pod may wait for, show or obey: a ConfigMap, a Secret, a claim, its own labels and deadline. */
  readonly changed: () => void;
  /** Ends the pod's processes within the grace; a repeated call may shorten it. */
  readonly end: (graceMs: number, failure?: Failure) => void;
  /** Resolves when no process of the pod is left. */
  readonly done: Promise<void>;
}

export function podFolder(stateDir: string, uid: string): string {
  return join(stateDir, 'pods', uid);
}

export function startPod(node: Node, pod: Pod): PodWorker {
  const stopping = new AbortController();
  const changes = new EventEmitter().setMaxListeners(0);
  const processes = new Set<RunningProcess>();
  const status = createStatusBoard(node.client, pod, node.options.clock);
  const record: PodContext['record'] = (occurrence) => node.record(pod, occurrence);
  const end: PodWorker['end'] = (grace, failure) => {
    if (!stopping.signal.aborted) {
      stopping.abort();
      const running = pod.spec.containers.filter(({ name }) => status.get(name).state?.running);
      for (const { name } of running) tellKilling(record, name);
      status.end(failure);
    }
    for (const process of processes) process.end(grace);
  };

  const run = async (): Promise<void> => {
    const folder = makeFolder(node.options.stateDir, pod);
    const ports = await givePorts(node, pod);
    const changed = (timeoutMs: number): Promise<void> => nextChange(changes, timeoutMs, stopping.signal);
    const context = { ...node, pod, ports, status, processes, folder, record, stopping: stopping.signal, changed };
    changes.on('change', () => refreshVolumes(context));
    await runPod(context);
    endMarked(folder);
    node.portPool.release(Object.values(ports));
  };
  const giveUp = async (error: unknown): Promise<void> => {
    node.options.log?.('pod given up', { pod: pod.metadata.name, error });
    end(0, { reason: 'KubeletError', message: String(error) });
    for (const { exited } of processes) await exited;
    endMarked(podFolder(node.options.stateDir, pod.metadata.uid));
  };
  const over = new AbortController();
  const done = run()
    .catch(giveUp)
    .finally(() => over.abort());
  const endAtDeadline = async (): Promise<void> => {
    if (!(await isPastDeadline(() => latestPod({ ...node, pod }), changes, over.signal))) return;
    record({ type: 'Normal', ...PAST_DEADLINE });
    end(graceMs(pod), PAST_DEADLINE);
  };
  void endAtDeadline();
  return { changed: () => void changes.emit('change'), end, done };
}

function makeFolder(stateDir: string, { metadata }: Pod): string {
  const folder = podFolder(stateDir, metadata.uid);
  mkdirSync(folder, { recursive: true });
  chmodSync(folder, 0o711);
  return folder;
}

/** The pod's own ports, told in an annotation so that Services and people find them. */
async function givePorts({ client, portPool }: Node, pod: Pod): Promise<Ports> {
  const declared = declaredPorts(pod);
  const own = await portPool.take(declared.length);
  const ports = Object.fromEntries(declared.map((port, index) => [port, own[index] ?? port]));
  if (declared.length === 0) return ports;
  const annotation = { [PORTS_ANNOTATION]: JSON.stringify(ports) };
  client.modify(PODS, pod, (latest) => ({
    ...latest,
    metadata: { ...latest.metadata, annotations: { ...latest.metadata.annotations, ...annotation } },
  }));
  return ports;
}

function nextChange(changes: EventEmitter, timeoutMs: number, stopping: AbortSignal): Promise<void> {
  const changed = new AbortController();
  const wake = (): void => changed.abort();
  changes.once('change', wake);
  return sleep(timeoutMs, AbortSignal.any([stopping, changed.signal])).finally(() => changes.off('change', wake));
}

/** Files follow their ConfigMaps and Secrets; when those are gone, the files stay as they were. */
function refreshVolumes(context: PodContext): void {
  const { client, folder, options, stopping } = context;
  if (stopping.aborted) return;
  try {
    setUpVolumes({ client, pod: latestPod(context), folder, stateDir: options.stateDir });
  } catch (error) {
    options.log?.('volumes not refreshed', { pod: context.pod.metadata.name, error });
  }
}

const PAST_DEADLINE: Failure = {
  reason: 'DeadlineExceeded',
  message: 'Pod was active on the node longer than the specified deadline',
};

/** True when its time is up, false when it ended before; the deadline may be set or lowered while it runs. */
async function isPastDeadline(latest: () => Pod, changes: EventEmitter, over: AbortSignal): Promise<boolean> {
  const beganAt = performance.now();
  while (!over.aborted) {
    const leftMs = beganAt + (latest().spec.activeDeadlineSeconds ?? Infinity) * 1000 - performance.now();
    if (leftMs <= 0) return true;
    await nextChange(changes, leftMs, over);
  }
  return false;
}

function tellKilling(record: PodContext['record'], container: string): void {
  const message = `Stopping container ${container}`;
  record({ type: 'Normal', reason: 'Killing', message, fieldPath: `spec.containers{${container}}` });
}
