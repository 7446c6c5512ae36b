// Init containers that keep running beside the pod's own containers, and end after them.
import { runContainer } from './containerRun';
import type { Container } from './environment';
import type { Folders } from './mounts';
import { graceMs, type PodContext } from './podContext';
import type { RunningProcess } from './runningProcess';

export interface Sidecars {
  /** Resolves once it has started, or never will. */
  readonly start: (container: Container) => Promise<void>;
  readonly end: () => Promise<void>;
}

export function createSidecars(pod: PodContext, folders: Folders): Sidecars {
  const ending = new AbortController();
  const running: Promise<unknown>[] = [];
  const own = new Set<RunningProcess>();
  const processes: PodContext['processes'] = {
    add: (process) => {
      own.add(process);
      pod.processes.add(process);
    },
    delete: (process) => {
      own.delete(process);
      pod.processes.delete(process);
    },
  };
  const context = { ...pod, processes, stopping: AbortSignal.any([pod.stopping, ending.signal]) };

  return {
    start: (container) =>
      new Promise((resolve) => {
        const onStarted = (): void => resolve();
        const run = runContainer({ context, container, folders, restarts: () => true, onStarted });
        running.push(run.finally(onStarted));
      }),
    end: async () => {
      ending.abort();
      for (const process of own) process.end(graceMs(pod.pod));
      await Promise.all(running);
    },
  };
}
