// Readiness, rollouts and the end of the Deployment.
import type { Case } from '../fixtures';
import { at, container, creating, deployment, event, pod, ready, rolledOut, running, seen, waiting } from '../fixtures';

const up = (options = {}) =>
  pod([container(running(5), { ready: true })], { phase: 'Running', conditions: ready(40), ...options });
const probe = event(['Unhealthy', 'Readiness probe failed: connect: connection refused'], 20, {
  count: 5,
  lastTimestamp: at(500),
});
const gone = { start: { beganAt: at(0), completedAt: at(2) }, deployment: undefined };

export const lifeCases: readonly Case[] = [
  {
    it: 'nothing is there yet',
    seen: seen([], [], { start: { beganAt: at(0) }, deployment: undefined }),
    at: 1,
    says: 'starting -',
    more: { step: 'creating' },
  },
  {
    it: 'a start that was never completed times out',
    seen: seen([], [], { start: { beganAt: at(0) }, deployment: undefined }),
    at: 601,
    says: 'failed StartTimeout',
  },
  {
    it: 'a Deployment without pods yet is a start',
    seen: seen([]),
    at: 2,
    says: 'starting -',
    more: { step: 'creating' },
  },
  {
    it: 'a ready pod is running',
    seen: seen([up()]),
    at: 41,
    says: 'running -',
    more: { step: 'ready', retryable: true, pod: 'lab-1-abc', container: 'main', restarts: 0 },
  },
  {
    it: 'a ready pod is running for ever',
    seen: seen([up()]),
    at: 1e6,
    says: 'running -',
    more: { finalAt: undefined },
  },
  {
    it: 'warnings of the past do not matter to a ready pod',
    seen: seen(
      [up()],
      [probe, event(['FailedMount', 'timed out'], 3), event(['BackOff', 'Back-off'], 30, { count: 90 })],
    ),
    at: 700,
    says: 'running -',
  },
  {
    it: 'a container that is not ready yet is starting',
    seen: seen([pod([container(running(5))])]),
    at: 60,
    says: 'starting -',
    more: { step: 'starting' },
  },
  {
    it: 'probe warnings are told and do not fail a start',
    seen: seen([pod([container(running(5))])], [probe]),
    at: 590,
    says: 'starting Unhealthy',
  },
  {
    it: 'a pod that never gets ready times out with what is known',
    seen: seen([pod([container(running(5))])], [probe]),
    at: 601,
    says: 'failed Unhealthy',
  },
  {
    it: 'a start timeout of 0 waits for ever',
    seen: seen([pod([container(running(5))])]),
    at: 1e6,
    says: 'starting -',
    policy: { startTimeoutSeconds: 0 },
  },
  {
    it: 'a service that was ready and fails its probe keeps running',
    seen: seen([pod([container(running(5))], { phase: 'Running', conditions: ready(900, 'False') })], [probe]),
    at: 5000,
    says: 'running Unhealthy',
  },
  {
    it: 'so it does when only the Deployment remembers',
    seen: seen([pod([container(running(900), { restartCount: 1 })], { phase: 'Running' })], [], {
      deployment: deployment([rolledOut(40)]),
    }),
    at: 5000,
    says: 'running -',
  },
  {
    it: 'so it does when only the anchor remembers',
    seen: seen([pod([container(running(900), { restartCount: 1 })], { phase: 'Running' })], [], {
      start: { beganAt: at(0), readyAt: at(40) },
    }),
    at: 5000,
    says: 'running -',
  },
  {
    it: 'in a rollout the ready pod decides, not the newest',
    seen: seen([up(), pod([container(waiting('InvalidImageName'))], { name: 'lab-1-new', created: 900 })]),
    at: 950,
    says: 'running -',
    more: { pod: 'lab-1-abc' },
  },
  {
    it: 'of two pods that are not ready the newest decides',
    seen: seen([pod([creating()]), pod([container(waiting('InvalidImageName'))], { name: 'lab-1-new', created: 90 })]),
    at: 95,
    says: 'failed ImagePull',
    more: { pod: 'lab-1-new' },
  },
  {
    it: 'a Deployment that is gone after a complete start is final',
    seen: seen([up()], [], gone),
    at: 60,
    says: 'stopped Deleted',
    more: { retryable: true },
  },
  {
    it: 'a Deployment created a moment ago may be missing in an old read',
    seen: seen([], [], gone),
    at: 5,
    says: 'starting Deleted',
  },
  {
    it: 'a Deployment that is being deleted is final',
    seen: seen([up()], [], { deployment: { ...deployment(), metadata: { name: 'd', deletionTimestamp: at(50) } } }),
    at: 51,
    says: 'stopped Deleted',
  },
  {
    it: 'a Deployment scaled to zero is final',
    seen: seen([up()], [], { deployment: deployment([rolledOut(40)], { replicas: 0 }) }),
    at: 60,
    says: 'stopped ScaledDown',
  },
  {
    it: 'without a container called main the readiness of the pod decides',
    seen: seen([pod([container(running(5), { name: 'notebook', ready: true })], { conditions: ready(9) })]),
    at: 10,
    says: 'running -',
  },
];
