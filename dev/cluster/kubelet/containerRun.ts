// Runs one container from its first start to its last end: image, launch, attempts, and the delays between them.
import { createBackOff, type BackOff } from './backOff';
import { runAttempt } from './containerAttempt';
import { recordOn, type ContainerRun, type StartFault } from './containerContext';
import { faultOf, type ContainerFault } from './faults';
import { goDuration } from './goDuration';
import { pullImage } from './imagePull';
import { prepareLaunch, type Launch } from './launch';
import { DEFAULT_BACK_OFF_BASE_MS } from './options';
import { podLabel, sleep } from './podContext';

/** How long a missing Secret or ConfigMap is waited for before another try; its arrival wakes earlier. */
const CONFIG_RETRY_MS = 10_000;

/** Answers the last exit code; `undefined` when it never ran. */
export async function runContainer(run: ContainerRun): Promise<number | undefined> {
  const { stopping, options } = run.context;
  const backOff = createBackOff(options.backOffBaseMs ?? DEFAULT_BACK_OFF_BASE_MS);
  let exitCode: number | undefined;
  for (let attempt = 0; !stopping.aborted; attempt += 1) {
    const launch = await launchable(run);
    if (launch === undefined) return exitCode;
    const startedAt = performance.now();
    exitCode = await runAttempt(run, launch, attempt);
    if (stopping.aborted || !run.restarts(exitCode)) return exitCode;
    backOff.ran(performance.now() - startedAt);
    // The first restart comes at once, as in Kubernetes.
    if (attempt > 0) await waitToRestart(run, backOff);
  }
  return exitCode;
}

async function waitToRestart({ context, container }: ContainerRun, backOff: BackOff): Promise<void> {
  const delayMs = backOff.next();
  const { terminated } = context.status.get(container.name).state ?? {};
  const label = podLabel(context.pod);
  const message = `back-off ${goDuration(delayMs)} restarting failed container=${container.name} pod=${label}`;
  context.status.set(container.name, {
    state: { waiting: { reason: 'CrashLoopBackOff', message } },
    lastState: { terminated },
  });
  const told = `Back-off restarting failed container ${container.name} in pod ${label}`;
  recordOn(context, container, { type: 'Warning', reason: 'BackOff', message: told });
  await sleep(delayMs, context.stopping);
}

/** Tries until image and configuration are there; `undefined` when the pod stops before. */
async function launchable(run: ContainerRun): Promise<Launch | StartFault | undefined> {
  await pullImage(run);
  while (!run.context.stopping.aborted) {
    try {
      return prepareLaunch(run.context, run.container, run.folders);
    } catch (error) {
      const fault = faultOf(error);
      if (fault.reason === 'StartError') return { fault };
      await waitForConfig(run, fault);
    }
  }
  return undefined;
}

async function waitForConfig({ context, container }: ContainerRun, { reason, message }: ContainerFault): Promise<void> {
  context.status.set(container.name, { state: { waiting: { reason, message } } });
  recordOn(context, container, { type: 'Warning', reason: 'Failed', message: `Error: ${message}` });
  await context.changed(CONFIG_RETRY_MS);
}
