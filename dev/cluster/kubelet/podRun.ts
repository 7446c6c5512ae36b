// The life of one pod on this machine: volumes, init containers one after another, containers side by side.
import type { ContainerRun } from './containerContext';
import { runContainer } from './containerRun';
import type { Folders } from './mounts';
import type { PodContext } from './podContext';
import { setUpVolumes } from './podVolumes';
import { createSidecars, type Sidecars } from './sidecars';

/** How long a missing volume source is waited for before it is told again; its arrival wakes earlier. */
const MOUNT_RETRY_MS = 10_000;

/** Resolves when no container runs and none will be started again. */
export async function runPod(context: PodContext): Promise<void> {
  const folders = await volumesOf(context);
  if (folders === undefined) return;
  context.status.sandboxIsReady();
  const sidecars = createSidecars(context, folders);
  const { containers, restartPolicy = 'Always' } = context.pod.spec;
  if (await initialize(context, folders, sidecars)) {
    for (const { name } of containers) {
      context.status.set(name, { state: { waiting: { reason: 'ContainerCreating' } } });
    }
    const restarts = restartRule(restartPolicy);
    await Promise.all(containers.map((container) => runContainer({ context, container, folders, restarts })));
  }
  await sidecars.end();
}

function restartRule(restartPolicy: string): ContainerRun['restarts'] {
  return (exitCode) => restartPolicy === 'Always' || (restartPolicy === 'OnFailure' && exitCode !== 0);
}

/** Tries until every volume is there; `undefined` when the pod stops before. */
async function volumesOf(context: PodContext): Promise<Folders | undefined> {
  const { client, pod, folder, options, record, stopping } = context;
  while (!stopping.aborted) {
    try {
      return setUpVolumes({ client, pod, folder, stateDir: options.stateDir });
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      record({ type: 'Warning', reason: 'FailedMount', message });
      await context.changed(MOUNT_RETRY_MS);
    }
  }
  return undefined;
}

/** Answers whether the pod's own containers may start. */
async function initialize(context: PodContext, folders: Folders, sidecars: Sidecars): Promise<boolean> {
  const { initContainers = [], restartPolicy } = context.pod.spec;
  const restarts = (exitCode: number): boolean => exitCode !== 0 && restartPolicy !== 'Never';
  for (const container of initContainers) {
    if (container.restartPolicy === 'Always') {
      await sidecars.start(container);
    } else {
      const exitCode = await runContainer({ context, container, folders, restarts });
      if (exitCode !== 0) return false;
      // An init container that succeeded counts as ready.
      context.status.set(container.name, { ready: true });
    }
  }
  return !context.stopping.aborted;
}
