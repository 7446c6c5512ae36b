import { reaperKey } from '../../../../functions/reaper/configFile';
import { planJob } from '../../../../functions/reaper/jobs/plan';
import type { KubeObject } from '../../../../lib/kube/objects';
import type { Pod } from '../../../../lib/status/observed';

const NOW = new Date('2026-11-21T12:00:00Z');
const ago = (seconds: number): string => new Date(NOW.getTime() - seconds * 1000).toISOString();
const policy = reaperKey.parse({
  jobs: {
    success: { age_seconds: 100 },
    failure: { age_seconds: 200 },
    profiles: { swift: { success: { age_seconds: 10 } } },
  },
  capture: { deadline_seconds: 300 },
});

interface Sketch {
  readonly labels?: Record<string, string>;
  readonly annotations?: Record<string, string>;
  readonly spec?: object;
  readonly status?: object;
  readonly age?: number;
  readonly deleted?: boolean;
  readonly generation?: number;
}

const job = ({
  labels = {},
  annotations = {},
  spec = {},
  status = {},
  age = 50,
  deleted,
  generation = 1,
}: Sketch): KubeObject => ({
  metadata: {
    name: 'j',
    creationTimestamp: ago(age),
    generation,
    labels: prefixed(labels),
    annotations: prefixed(annotations),
    ...(deleted && { deletionTimestamp: ago(1) }),
  },
  spec,
  status,
});
const prefixed = (values: Record<string, string>): Record<string, string> =>
  Object.fromEntries(Object.entries(values).map(([key, value]) => [`hub-functions/${key}`, value]));
const holds = (type: string, seconds: number): object => ({
  conditions: [{ type, status: 'True', lastTransitionTime: ago(seconds) }],
});
const pod = (phase: string, more: Pod = {}): Pod => ({
  metadata: { creationTimestamp: ago(50) },
  spec: { nodeName: 'n' },
  ...more,
  status: { phase, ...more.status },
});
const unplaced = (age: number): Pod => ({
  metadata: { creationTimestamp: ago(age) },
  spec: {},
  status: { phase: 'Pending' },
});
/** Its node was told to end it, and says nothing any more. */
const leaving = (seconds: number): Pod => pod('Running', { metadata: { deletionTimestamp: ago(seconds) } });
const begun = (seconds: number): Pod => pod('Running', { status: { startTime: ago(seconds) } });
const hour = { template: { spec: { activeDeadlineSeconds: 3600 } } };
const tooLong = pod('Failed', { status: { reason: 'DeadlineExceeded' } });
const captured = { captured: 'digest' };
/** As the reaper leaves it, of which only the metadata is listed. */
const settled = (seconds: number): Sketch => ({
  annotations: { ...captured, 'ended-at': ago(seconds), 'captured-generation': '2' },
  labels: { phase: 'succeeded' },
  generation: 2,
});
const early = (why: string): Sketch => ({
  annotations: { 'early-end': why },
  spec: { suspend: true },
  status: holds('Suspended', 20),
});
const complete = holds('Complete', 20);
const withLabel = (sketch: Sketch, label: string): Sketch => ({ ...sketch, labels: { ...sketch.labels, [label]: '' } });
/** By somebody else, after it was captured. */
const changed = { annotations: { ...settled(101).annotations, 'early-end': 'cancelled' }, generation: 3 };

const NOTHING = { do: 'nothing' };
const REAP = { do: 'reap' };
const LOOK = { do: 'look' };
const CAPTURE = { do: 'capture', isLastChance: false };
const end = (why: string, isLost = false): object => ({ do: 'end', why, isLost });

const CASES: readonly (readonly [what: string, sketch: Sketch, pods: readonly Pod[] | undefined, next: object])[] = [
  ['under deletion', { deleted: true, status: complete }, [], NOTHING],
  ['complete, its pods unseen', { status: complete }, undefined, LOOK],
  ['complete', { status: complete }, [pod('Succeeded')], CAPTURE],
  ['complete, but something of it still runs', { status: complete }, [pod('Running')], NOTHING],
  [
    'complete, what runs has no time left',
    { status: holds('Complete', 301) },
    [pod('Running')],
    { do: 'capture', isLastChance: true },
  ],
  ['failed without a pod', { status: holds('Failed', 20) }, [], CAPTURE],
  [
    'captured a while ago',
    { status: complete, annotations: captured, labels: { phase: 'succeeded' } },
    undefined,
    NOTHING,
  ],
  [
    'captured long ago',
    { status: holds('Complete', 101), annotations: captured, labels: { phase: 'succeeded' } },
    undefined,
    REAP,
  ],
  [
    'failed, which is kept longer',
    { status: holds('Failed', 101), annotations: captured, labels: { phase: 'failed' } },
    undefined,
    NOTHING,
  ],
  [
    'of a profile of its own',
    { status: complete, annotations: captured, labels: { phase: 'succeeded', profile: 'swift' } },
    undefined,
    REAP,
  ],
  ['captured a while ago, by its metadata alone', settled(99), undefined, NOTHING],
  ['captured long ago, by its metadata alone', settled(101), undefined, REAP],
  ['captured, by its metadata, but to be kept', withLabel(settled(1e6), 'keep'), undefined, NOTHING],
  ['captured, but released since', { ...early('cancelled'), ...settled(101), ...changed, spec: {} }, undefined, LOOK],
  ['captured, its label taken away', { status: holds('Complete', 101), annotations: captured }, undefined, REAP],
  ['to be kept', { status: holds('Complete', 1e6), annotations: captured, labels: { keep: '' } }, undefined, NOTHING],
  [
    'not to be kept any more',
    { status: holds('Complete', 1e6), annotations: captured, labels: { keep: 'false' } },
    undefined,
    REAP,
  ],
  ['cancelled, its pods unseen', { ...early('cancelled'), spec: {} }, undefined, LOOK],
  ['cancelled, its pod still there', { ...early('cancelled'), spec: {} }, [pod('Running')], end('cancelled')],
  ['cancelled, its node silent', { ...early('cancelled'), spec: {} }, [leaving(301)], end('cancelled', true)],
  [
    'cancelled and suspended, its node silent until nobody waits any more',
    { ...early('cancelled'), status: holds('Suspended', 301) },
    [leaving(301)],
    { do: 'capture', isLastChance: true },
  ],
  [
    'cancelled and suspended after it waited for long, which Kubernetes does not say yet',
    { ...early('cancelled'), status: {}, age: 1e6 },
    [],
    NOTHING,
  ],
  ['cancelled and suspended, its pods unseen', early('cancelled'), undefined, LOOK],
  ['cancelled and suspended, while a pod is still there', early('cancelled'), [pod('Running')], end('cancelled')],
  ['cancelled and suspended', early('cancelled'), [pod('Failed')], CAPTURE],
  ['suspended for a moment', { spec: { suspend: true } }, undefined, NOTHING],
  ['never released', { spec: { suspend: true }, age: 121 }, undefined, end('never released')],
  [
    'suspended by somebody after it was let go',
    { spec: { suspend: true }, age: 121, generation: 3 },
    undefined,
    NOTHING,
  ],
  ['running', { status: { ready: 1, startTime: ago(1e6) }, annotations: { 'wait-seconds': '10' } }, undefined, NOTHING],
  ['waiting for a node', { annotations: { 'wait-seconds': '60' } }, undefined, NOTHING],
  ['waiting for long, its pods unseen', { annotations: { 'wait-seconds': '10' } }, undefined, LOOK],
  ['that has waited too long', { annotations: { 'wait-seconds': '10' } }, [unplaced(50)], end('waited too long')],
  ['without a pod for too long', { annotations: { 'wait-seconds': '10' } }, [], end('waited too long')],
  ['that waits for its image', { annotations: { 'wait-seconds': '10' } }, [pod('Pending')], NOTHING],
  ['that waits again, as its node was lost', { annotations: { 'wait-seconds': '10' } }, [unplaced(5)], NOTHING],
  ['that may wait for ever', {}, [unplaced(1e6)], NOTHING],
  ['after a failed attempt, its pods unseen', { status: { failed: 1 } }, undefined, LOOK],
  ['after a failed attempt', { status: { failed: 1 } }, [pod('Failed')], NOTHING],
  ['after an attempt that took too long', { status: { failed: 1 } }, [tooLong], end('deadline exceeded')],
  ['whose pod is on its way out, its pods unseen', { status: { ready: 0, terminating: 1 } }, undefined, LOOK],
  ['whose pod is on its way out', { status: { terminating: 1 } }, [leaving(299)], NOTHING],
  ['whose pod is on its way out for too long', { status: { terminating: 1 } }, [leaving(301)], end('node lost', true)],
  ['whose lost pod was replaced', { status: { terminating: 1 } }, [leaving(301), pod('Running')], NOTHING],
  [
    'out of time for long, its pods unseen',
    { spec: hour, status: { ready: 1, startTime: ago(3901) } },
    undefined,
    LOOK,
  ],
  ['out of time for long', { spec: hour, status: { ready: 1 } }, [begun(3901)], end('node lost', true)],
  ['out of time for a while', { spec: hour, status: { ready: 1 } }, [begun(3899)], NOTHING],
  ['about to fail by itself', { status: { failed: 1, ...holds('FailureTarget', 1) } }, [tooLong], NOTHING],
];

test.each(CASES)('a job %s', (_what, sketch, pods, next) => {
  const looked = { job: job(sketch), ...(pods && { pods }) };

  expect(planJob(looked, policy, NOW)).toEqual(next);
});
