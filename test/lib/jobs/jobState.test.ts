import { jobState } from '../../../lib/jobs/jobState';
import type { ObservedJob } from '../../../lib/jobs/observedJob';
import type { Pod } from '../../../lib/status/observed';

const running: Pod = { spec: { nodeName: 'n' }, status: { phase: 'Running' } };
const ended = (exitCode: number, reason?: string): Pod => ({
  spec: { nodeName: 'n' },
  status: {
    phase: 'Failed',
    containerStatuses: [{ name: 'c', state: { terminated: { exitCode, ...(reason !== undefined && { reason }) } } }],
  },
});
const evicted: Pod = { status: { phase: 'Failed', reason: 'Evicted', message: 'The node was low on memory.' } };
const job = (type?: string, reason = 'BackoffLimitExceeded'): ObservedJob => ({
  status: { conditions: type === undefined ? [] : [{ type, status: 'True', reason, message: 'why' }] },
});
const lost: Pod = { status: { phase: 'Failed', conditions: [{ type: 'DisruptionTarget', status: 'True' }] } };
const rejected: Pod = { status: { phase: 'Failed', reason: 'OutOfcpu', message: 'Pod was rejected: no cpu' } };
const going: Pod = { ...running, metadata: { deletionTimestamp: 'now' } };
const taken: Pod = { ...going, status: { phase: 'Running', ...lost.status, ...running.status } };
const retrying: ObservedJob = { spec: { backoffLimit: 1 } };
const cancelled: ObservedJob = { metadata: { annotations: { 'hub-functions/early-end': 'cancelled' } } };

const says = (text: RegExp): unknown => expect.stringMatching(text);

const CASES: readonly (readonly [what: string, job: ObservedJob, pods: readonly Pod[], expected: object])[] = [
  ['without a pod', job(), [], { phase: 'queued' }],
  ['with a pod without a node', job(), [{}], { phase: 'queued' }],
  ['with a pod on a node', job(), [{ spec: { nodeName: 'n' } }], { phase: 'starting' }],
  ['with a running pod', job(), [running], { phase: 'running', isOver: false }],
  ['after a failed attempt', retrying, [ended(1)], { phase: 'queued', attempts: 1 }],
  ['after its last attempt', retrying, [ended(1), ended(1)], { phase: 'running', isOver: false }],
  ['after a failed attempt and a lost one', retrying, [ended(1), lost], { phase: 'queued', attempts: 2 }],
  ['after a good end', retrying, [{ status: { phase: 'Succeeded' } }], { phase: 'running', isOver: false }],
  ['complete', job('Complete'), [], { phase: 'succeeded', isOver: true }],
  ['about to fail', job('FailureTarget'), [ended(3)], { phase: 'failed', exitCode: 3, isOver: false }],
  ['failed', job('Failed'), [ended(3)], { phase: 'failed', reason: 'Exited', exitCode: 3, isOver: true }],
  ['failed for memory', job('Failed'), [ended(137, 'OOMKilled')], { reason: 'OutOfMemory' }],
  [
    'killed, nobody says why',
    job('Failed'),
    [ended(137)],
    { reason: 'Exited', message: expect.stringContaining('memory') },
  ],
  ['whose program is not there', job('Failed'), [ended(128, 'StartError')], { reason: 'CannotStart', exitCode: 128 }],
  ['failed after an eviction', job('Failed'), [evicted], { reason: 'Evicted' }],
  ['failed although its node took it', job('Failed'), [{ ...lost, ...ended(143) }, lost], { reason: 'Evicted' }],
  [
    'failed as its node refused it',
    job('Failed'),
    [rejected],
    { reason: 'Evicted', message: says(/OutOfcpu.*no cpu/) },
  ],
  ['that somebody ends', job(), [going], { phase: 'running', message: 'The job is running.' }],
  ['that is taken from its node', job(), [taken], { phase: 'running', reason: 'Evicted', isOver: false }],
  ['whose pod was lost', job(), [lost], { phase: 'queued', message: says(/node/) }],
  ['over its time', job('Failed', 'DeadlineExceeded'), [], { reason: 'DeadlineExceeded' }],
  ['failed without pods', job('Failed'), [], { reason: 'JobFailed', message: 'why.' }],
  ['cancelled, its pod still there', cancelled, [running], { phase: 'cancelled', isOver: false }],
  ['cancelled', cancelled, [], { phase: 'cancelled', reason: 'Cancelled', isOver: true }],
];

test.each(CASES)('a job %s', (_what, observed, pods, expected) => {
  expect(jobState(observed, pods)).toMatchObject(expected);
});
