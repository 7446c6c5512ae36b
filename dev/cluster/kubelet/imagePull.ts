// What stands between a container and its image: a name that is none, or a pull that fails and is tried again.
import { createBackOff } from './backOff';
import { recordOn, type ContainerRun } from './containerContext';
import { nameFault, pullFailure } from './images';
import { DEFAULT_BACK_OFF_BASE_MS } from './options';
import { sleep } from './podContext';

/** How long the kubelet waits before it looks at a pod again that it could not start. */
const SYNC_RETRY_MS = 10_000;

/** Resolves when the image is there, or when the pod stops. */
export async function pullImage(run: ContainerRun): Promise<void> {
  const { image = '' } = run.container;
  const fault = nameFault(image);
  if (fault !== undefined) return await tellInvalidName(run, fault);
  const failure = pullFailure(image);
  if (failure !== undefined) return await failToPull(run, image, failure.message);
  const message = `Container image "${image}" already present on machine`;
  recordOn(run.context, run.container, { type: 'Normal', reason: 'Pulled', message });
}

async function tellInvalidName(run: ContainerRun, message: string): Promise<void> {
  const { stopping } = run.context;
  while (!stopping.aborted) {
    warn(run, 'InspectFailed', message);
    warn(run, 'Failed', 'Error: InvalidImageName');
    wait(run, 'InvalidImageName', message);
    await sleep(SYNC_RETRY_MS, stopping);
  }
}

async function failToPull(run: ContainerRun, image: string, why: string): Promise<void> {
  const { context, container } = run;
  const backOff = createBackOff(context.options.backOffBaseMs ?? DEFAULT_BACK_OFF_BASE_MS);
  while (!context.stopping.aborted) {
    recordOn(context, container, { type: 'Normal', reason: 'Pulling', message: `Pulling image "${image}"` });
    warn(run, 'Failed', `Failed to pull image "${image}": ${why}`);
    warn(run, 'Failed', 'Error: ErrImagePull');
    wait(run, 'ErrImagePull', why);
    const delayMs = backOff.next();
    await sleep(delayMs / 10, context.stopping);
    const message = `Back-off pulling image "${image}"`;
    recordOn(context, container, { type: 'Normal', reason: 'BackOff', message });
    warn(run, 'Failed', 'Error: ImagePullBackOff');
    wait(run, 'ImagePullBackOff', `${message}: ErrImagePull: ${why}`);
    await sleep(delayMs, context.stopping);
  }
}

function warn({ context, container }: ContainerRun, reason: string, message: string): void {
  recordOn(context, container, { type: 'Warning', reason, message });
}

function wait({ context, container }: ContainerRun, reason: string, message: string): void {
  context.status.set(container.name, { state: { waiting: { reason, message } } });
}
