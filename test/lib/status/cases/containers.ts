// Containers that cannot be made, and those that end.
import type { Case } from '../fixtures';
import {
  at,
  backOff,
  condition,
  container,
  ended,
  event,
  normal,
  pod,
  ready,
  running,
  seen,
  waiting,
} from '../fixtures';

const missing = 'secret "lab-env" not found';
const failed = (seconds: number) => event(['Failed', `Error: ${missing}`], seconds);
const only = (state: Parameters<typeof container>[0], rest = {}) => pod([container(state, rest)]);
const startError = (message: string) => ({
  terminated: { exitCode: 128, reason: 'StartError', message, startedAt: '1970-01-01T00:00:00Z', finishedAt: at(10) },
});
const noCommand =
  'failed to create containerd task: failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: exec: "jupyterhub-singleuser": executable file not found in $PATH: unknown';
const wasReady = { phase: 'Running', conditions: ready(40, 'False') };

export const containerCases: readonly Case[] = [
  {
    it: 'a missing Secret may come a moment later',
    seen: seen([only(waiting('CreateContainerConfigError', missing))], [failed(5)]),
    at: 15,
    says: 'starting ConfigError',
  },
  {
    it: 'a missing Secret that does not come is hopeless after the config grace',
    seen: seen([only(waiting('CreateContainerConfigError', missing))], [failed(5)]),
    at: 26,
    says: 'failed ConfigError',
    more: { retryable: false },
  },
  {
    it: 'the config grace counts from the first failure, not from a pull of five minutes',
    seen: seen([only(waiting('CreateContainerConfigError', missing))], [failed(300)]),
    at: 310,
    says: 'starting ConfigError',
  },
  {
    it: 'an image that wants to be root is a configuration error',
    seen: seen([only(waiting('CreateContainerConfigError', 'container has runAsNonRoot and image will run as root'))]),
    at: 40,
    says: 'failed ConfigError',
  },
  {
    it: 'a kubelet that has not seen the Secret yet says nothing about the Secret',
    seen: seen([only(waiting('CreateContainerConfigError', 'failed to sync secret cache: timed out waiting'))]),
    at: 60,
    says: 'starting ContainerRuntime',
  },
  {
    it: 'a slow runtime is trouble of the node that may pass',
    seen: seen([only(waiting('CreateContainerError', 'context deadline exceeded'))]),
    at: 60,
    says: 'starting ContainerRuntime',
  },
  {
    it: 'a runtime that stays broken is given up',
    seen: seen([only(waiting('CreateContainerError', 'failed to reserve container name'))]),
    at: 130,
    says: 'failed ContainerRuntime',
    more: { retryable: true },
  },
  {
    it: 'an image without command is a configuration error',
    seen: seen([only(waiting('CreateContainerError', 'Error response from daemon: no command specified'))]),
    at: 30,
    says: 'failed ConfigError',
  },
  {
    it: 'a command that does not exist is hopeless at its first end',
    seen: seen([only(startError(noCommand))]),
    at: 11,
    says: 'failed ConfigError',
    more: { retryable: false, lastExit: { exitCode: 128, reason: 'StartError' } },
  },
  {
    it: 'so it is in back-off, and the epoch as start time is no sign that it was ready',
    seen: seen([pod([backOff(startError(noCommand), 1)], { phase: 'Running' })]),
    at: 25,
    says: 'failed ConfigError',
  },
  {
    it: 'exit code 127 at the first start is a command that was not found',
    seen: seen([only(ended(127, [5, 5]))]),
    at: 6,
    says: 'failed ConfigError',
  },
  {
    it: 'without a readiness probe it was ready for a moment, which is no service',
    seen: seen([pod([backOff(ended(127, [5, 6]), 1)], { conditions: ready(6, 'False') })]),
    at: 7,
    says: 'failed ConfigError',
  },
  {
    it: 'nor is it after a long pull, by the event of the first start',
    seen: seen(
      [pod([backOff(ended(127, [505, 506]), 1)], { conditions: ready(506, 'False') })],
      [normal(['Started', 'Started container main'], 504, { count: 2, lastTimestamp: at(505) })],
    ),
    at: 507,
    says: 'failed ConfigError',
  },
  {
    it: 'a command that the runtime could not run is hopeless at once',
    seen: seen([only(waiting('RunContainerError', noCommand), { restartCount: 1, lastState: startError(noCommand) })]),
    at: 11,
    says: 'failed ConfigError',
  },
  {
    it: 'exit code 127 of a service that was ready is an end like any other',
    seen: seen([pod([container(ended(127, [5, 900]))], wasReady)]),
    at: 901,
    says: 'starting Exited',
  },
  {
    it: 'a start error of the runtime itself is tried again',
    seen: seen([only(startError('failed to create shim task: context deadline exceeded: unknown'))]),
    at: 12,
    says: 'starting Exited',
  },
  {
    it: 'a limit too small to start in is told as memory',
    seen: seen([pod([backOff(startError('container init was OOM-killed (memory limit too low?): unknown'), 2)])]),
    at: 30,
    says: 'failed OutOfMemory',
    more: { retryable: false, restarts: 2 },
  },
  {
    it: 'a main container that ended with 0 after it was ready was shut down',
    seen: seen([pod([container(ended(0, [5, 900]))], wasReady)]),
    at: 901,
    says: 'stopped Exited',
    more: { retryable: true, lastExit: { exitCode: 0, reason: 'Completed' } },
  },
  {
    it: 'so it is when the back-off was seen first',
    seen: seen([pod([backOff(ended(0, [5, 900]), 0)], wasReady)]),
    at: 905,
    says: 'stopped Exited',
  },
  {
    it: 'a command that ends with 0 before it was ready failed',
    seen: seen([only(ended(0, [5, 6]))]),
    at: 7,
    says: 'failed Exited',
    more: { retryable: false },
  },
  {
    it: 'ending with 0 because the kubelet killed it is no shutdown',
    seen: seen(
      [pod([container(ended(0, [5, 900]))], wasReady)],
      [normal(['Killing', 'Container main failed liveness probe, will be restarted'], 898)],
    ),
    at: 901,
    says: 'starting Exited',
  },
  {
    it: 'an old kill does not excuse a later shutdown',
    seen: seen(
      [
        pod([container(ended(0, [500, 900]), { restartCount: 1 })], {
          phase: 'Running',
          conditions: ready(900, 'False'),
        }),
      ],
      [normal(['Killing', 'Container main failed liveness probe, will be restarted'], 400)],
    ),
    at: 901,
    says: 'stopped Exited',
  },
  {
    it: 'ending with 0 because the node goes down is no shutdown',
    seen: seen([
      pod([container(ended(0, [5, 900]))], {
        phase: 'Running',
        conditions: [...ready(40), condition('DisruptionTarget=True', 899, { reason: 'TerminationByKubelet' })].map(
          (entry) => (entry.type === 'Ready' ? { ...entry, status: 'False' } : entry),
        ),
      }),
    ]),
    at: 901,
    says: 'starting Exited',
  },
  {
    it: 'a sidecar that ends with 0 is restarted',
    seen: seen([pod([container(running(4)), container(ended(0, [4, 5]), { name: 'proxy' })])]),
    at: 6,
    says: 'starting Exited',
    more: { container: 'proxy' },
  },
  {
    it: 'a first crash is told but not final',
    seen: seen([only(ended(1, [5, 6]))]),
    at: 7,
    says: 'starting Exited',
    more: { step: 'starting', restarts: 0, lastExit: { exitCode: 1, reason: 'Error' } },
  },
  {
    it: 'a container that runs again after two crashes may still come up',
    seen: seen([only(running(20), { restartCount: 2, lastState: ended(1, [10, 11]) })]),
    at: 21,
    says: 'starting Exited',
  },
  {
    it: 'three crashes are a loop',
    seen: seen([pod([backOff(ended(1, [30, 31]), 2)])]),
    at: 32,
    says: 'failed CrashLoop',
    more: { restarts: 2, retryable: false },
  },
  {
    it: 'the crash limit is a choice',
    seen: seen([pod([backOff(ended(139, [30, 31]), 2)])]),
    at: 32,
    says: 'starting Exited',
    policy: { crashLimit: 10 },
  },
  {
    it: 'a crash after hours is none of a loop, however many there were',
    seen: seen([
      pod([container(ended(139, [100, 9000]), { restartCount: 7 })], {
        phase: 'Running',
        conditions: ready(9001, 'False'),
      }),
    ]),
    at: 9002,
    says: 'starting Exited',
    more: { retryable: true },
  },
  {
    it: 'a loop after it was ready ends the service',
    seen: seen([pod([backOff(ended(1, [930, 931]), 4)], wasReady)], [], { start: { beganAt: at(0), readyAt: at(40) } }),
    at: 932,
    says: 'failed CrashLoop',
    more: { retryable: true },
  },
  {
    it: 'one time out of memory is restarted',
    seen: seen([pod([container(ended(137, [5, 900], 'OOMKilled'))], wasReady)]),
    at: 901,
    says: 'starting OutOfMemory',
    more: { retryable: true },
  },
  {
    it: 'out of memory again and again is final',
    seen: seen([pod([backOff(ended(137, [40, 50], 'OOMKilled'), 2)])]),
    at: 51,
    says: 'failed OutOfMemory',
  },
  {
    it: 'it runs again after running out of memory: running, with the cause told',
    seen: seen([
      pod([container(running(905), { restartCount: 1, lastState: ended(137, [5, 900], 'OOMKilled') })], wasReady),
    ]),
    at: 910,
    says: 'running OutOfMemory',
  },
  {
    it: 'an init container that fails is a crash of the start',
    seen: seen([
      pod([container(waiting('PodInitializing'))], {
        init: [backOff(ended(1, [30, 31]), 2, { name: 'home-from-skeleton' })],
      }),
    ]),
    at: 32,
    says: 'failed CrashLoop',
    more: { container: 'home-from-skeleton', step: 'starting' },
  },
  {
    it: 'an init container that ended with 0 did its work',
    seen: seen([
      pod([container(waiting('PodInitializing'))], { init: [container(ended(0, [3, 4]), { name: 'home' })] }),
    ]),
    at: 6,
    says: 'starting -',
    more: { step: 'starting' },
  },
  {
    it: 'a native sidecar that keeps ending with 0 never lets the main container start',
    seen: seen([
      pod([container(waiting('PodInitializing'))], {
        init: [backOff(ended(0, [30, 31]), 3, { name: 'proxy' })],
        initRestarts: 'Always',
      }),
    ]),
    at: 32,
    says: 'failed CrashLoop',
    more: { container: 'proxy' },
  },
];
