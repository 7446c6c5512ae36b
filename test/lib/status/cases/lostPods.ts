// Pods that go: terminating, vanished, evicted, preempted, over their time limit; and their successors.
import type { Case } from '../fixtures';
import {
  at,
  condition,
  container,
  creating,
  deployment,
  ended,
  pod,
  ready,
  rolledOut,
  running,
  seen,
  unschedulable,
} from '../fixtures';

const up = (options = {}) =>
  pod([container(running(5), { ready: true })], { phase: 'Running', conditions: ready(40), ...options });
const evicted = (name: string, [created, until]: [number, number], reason = 'Evicted') =>
  pod([container(ended(137, [created + 2, until]))], {
    name,
    created,
    phase: 'Failed',
    reason,
    message: 'The node was low on resource: memory.',
  });
const available = (status: string, seconds: number) => condition(`Available=${status}`, seconds);

export const lostPodCases: readonly Case[] = [
  {
    it: 'a terminating pod gives way to its successor',
    seen: seen([up({ deleted: 130 }), pod([creating()], { name: 'lab-1-new', created: 100 })]),
    at: 105,
    says: 'starting -',
    more: { pod: 'lab-1-new', step: 'mounting' },
  },
  {
    it: 'a terminating pod alone is being replaced',
    seen: seen([up({ deleted: 130 })]),
    at: 105,
    says: 'starting PodReplaced',
  },
  {
    it: 'a pod that nobody replaces is final',
    seen: seen([up({ deleted: 130 })]),
    at: 251,
    says: 'failed PodReplaced',
    more: { retryable: true },
  },
  {
    it: 'a pod that replaces a lost one days later gets the whole start timeout',
    seen: seen([pod([creating()], { created: 90000 })], [], { deployment: deployment([rolledOut(40)]) }),
    at: 90500,
    says: 'starting -',
  },
  {
    it: 'and no more than that',
    seen: seen([pod([creating()], { created: 90000 })], [], { deployment: deployment([rolledOut(40)]) }),
    at: 90601,
    says: 'failed StartTimeout',
  },
  {
    it: 'a vanished pod is not final by itself',
    seen: seen([], [], { deployment: deployment([rolledOut(40), available('False', 900)]) }),
    at: 960,
    says: 'starting PodReplaced',
  },
  {
    it: 'a pod that stays vanished is final',
    seen: seen([], [], { deployment: deployment([rolledOut(40), available('False', 900)]) }),
    at: 1021,
    says: 'failed PodReplaced',
  },
  {
    it: 'a stale Deployment that still says available is believed',
    seen: seen([], [], { deployment: deployment([rolledOut(40), available('True', 40)]) }),
    at: 5000,
    says: 'starting PodReplaced',
  },
  {
    it: 'a new rollout without pod yet is not late',
    seen: seen([], [], { deployment: deployment([{ ...rolledOut(9000), reason: 'ReplicaSetUpdated' }]) }),
    at: 9010,
    says: 'starting -',
  },
  {
    it: 'an evicted pod is replaced',
    seen: seen([evicted('lab-1-abc', [1, 900])], [], { deployment: deployment([rolledOut(40)]) }),
    at: 905,
    says: 'starting Evicted',
    more: { retryable: true },
  },
  {
    it: 'an evicted pod that nobody replaces is final',
    seen: seen([evicted('lab-1-abc', [1, 900])], [], { deployment: deployment([rolledOut(40)]) }),
    at: 1021,
    says: 'failed Evicted',
  },
  {
    it: 'a successor that starts is judged itself, the eviction is told',
    seen: seen([evicted('lab-1-abc', [1, 900]), pod([creating()], { name: 'lab-1-new', created: 901 })]),
    at: 910,
    says: 'starting Evicted',
    more: { pod: 'lab-1-new' },
  },
  {
    it: 'an eviction of long ago is not told',
    seen: seen([evicted('lab-1-abc', [1, 900]), pod([creating()], { name: 'lab-1-new', created: 9000 })]),
    at: 9010,
    says: 'starting -',
  },
  {
    it: 'a burst of refused pods is final',
    seen: seen([
      ...[1, 2, 3].map((n) => evicted(`lab-1-${n}`, [n * 10, n * 10 + 5], 'UnexpectedAdmissionError')),
      pod([creating()], { name: 'lab-1-new', created: 40 }),
    ]),
    at: 41,
    says: 'failed Evicted',
    more: { retryable: true },
  },
  {
    it: 'a successor that runs is not held responsible for a burst',
    seen: seen([
      ...[1, 2, 3].map((n) => evicted(`lab-1-${n}`, [n * 10, n * 10 + 5])),
      pod([container(running(45))], { name: 'lab-1-new', created: 40 }),
    ]),
    at: 50,
    says: 'starting -',
  },
  {
    it: 'a preempted pod is told while it goes',
    seen: seen([
      up({
        deleted: 130,
        conditions: [
          ...ready(40),
          condition('DisruptionTarget=True', 100, {
            reason: 'PreemptionByScheduler',
            message: 'preempting to accommodate a higher priority pod',
          }),
        ],
      }),
    ]),
    at: 105,
    says: 'starting Evicted',
  },
  {
    it: 'a pod over its time limit that is not replaced is final',
    seen: seen([evicted('lab-1-abc', [1, 900], 'DeadlineExceeded')]),
    at: 1021,
    says: 'failed DeadlineExceeded',
    more: { retryable: true },
  },
  {
    it: 'a pod that succeeded has ended',
    seen: seen([pod([container(ended(0, [5, 900]))], { phase: 'Succeeded' })]),
    at: 901,
    says: 'stopped Exited',
  },
  {
    it: 'a successor that finds no node after an eviction is told by the scheduler',
    seen: seen([
      evicted('lab-1-old', [1, 900]),
      {
        ...unschedulable('0/5 nodes are available: 5 Insufficient memory.', 901),
        metadata: { name: 'lab-1-new', creationTimestamp: at(901) },
      },
    ]),
    at: 950,
    says: 'starting Unschedulable',
  },
  {
    it: 'an eviction of long ago does not date the loss of today',
    seen: seen([evicted('lab-1-old', [1, 900])], [], {
      deployment: deployment([rolledOut(40), available('False', 90000)]),
    }),
    at: 90010,
    says: 'starting Evicted',
  },
  {
    it: 'nor while the Deployment has not noticed the loss',
    seen: seen([evicted('lab-1-old', [1, 900])], [], {
      deployment: deployment([rolledOut(40), available('True', 40)]),
    }),
    at: 90010,
    says: 'starting Evicted',
  },
];
