import { podPhase, podStatus, type ContainerStatus } from '../../../../dev/cluster/kubelet/podStatus';
import type { Pod } from '../../../../dev/cluster/controllers/wire';
import { goDuration } from '../../../../dev/cluster/kubelet/goDuration';

const status = (state: ContainerStatus['state'], lastState: ContainerStatus['lastState'] = {}): ContainerStatus => ({
  name: 'main',
  image: 'x',
  imageID: '',
  ready: false,
  restartCount: 0,
  state,
  lastState,
});
const waiting = status({ waiting: { reason: 'ContainerCreating' } });
const running = status({ running: {} });
const done = status({ terminated: { exitCode: 0 } });
const failed = status({ terminated: { exitCode: 1 } });
const crashing = status({ waiting: { reason: 'CrashLoopBackOff' } }, { terminated: { exitCode: 1 } });

test.each([
  ['Always', [waiting], 'Pending'],
  ['Always', [running, waiting], 'Pending'],
  ['Always', [running, failed], 'Running'],
  ['Always', [done], 'Running'],
  ['Always', [crashing], 'Running'],
  ['OnFailure', [failed], 'Running'],
  ['OnFailure', [crashing, done], 'Running'],
  ['OnFailure', [done, done], 'Succeeded'],
  ['Never', [done], 'Succeeded'],
  ['Never', [done, failed], 'Failed'],
  ['Never', [running, failed], 'Running'],
])('with restartPolicy %s, %j is %s', (restartPolicy, main, phase) => {
  const observed = { init: [], main, hasSandbox: true, isEnding: false, now: new Date(0) };
  expect(podPhase({ restartPolicy, containers: [] }, observed)).toBe(phase);
});

test.each([
  { restartPolicy: 'Never', init: failed, isEnding: false, phase: 'Failed' },
  { restartPolicy: 'Always', init: failed, isEnding: false, phase: 'Pending' },
  { restartPolicy: 'Always', init: failed, isEnding: true, phase: 'Failed' },
  { restartPolicy: 'Always', init: done, isEnding: false, phase: 'Running' },
])('after an init container: %j', ({ restartPolicy, init, isEnding, phase }) => {
  const main = [init === done ? running : waiting];
  expect(
    podPhase({ restartPolicy, containers: [] }, { init: [init], main, hasSandbox: true, isEnding, now: new Date(0) }),
  ).toBe(phase);
});

const pod = { spec: { restartPolicy: 'Never', containers: [] } } as unknown as Pod;
const failure = { reason: 'DeadlineExceeded', message: 'too long' };

test('a pod without its sandbox has no address and may not make containers', () => {
  const observed = { init: [], main: [waiting], hasSandbox: false, isEnding: false, now: new Date(0) };
  expect(podStatus(pod, observed)).not.toHaveProperty('podIP');
  expect(podStatus(pod, observed).conditions?.[0]).toMatchObject({
    type: 'PodReadyToStartContainers',
    status: 'False',
  });
  expect(podStatus(pod, { ...observed, hasSandbox: true })).toMatchObject({ podIP: '127.0.0.1' });
});

test('a pod that failed as a whole is told as failed once nothing runs any more', () => {
  const observed = { init: [], main: [running], hasSandbox: true, isEnding: true, failure, now: new Date(0) };
  expect(podStatus(pod, observed).phase).toBe('Running');
  expect(podStatus(pod, { ...observed, main: [done] })).toMatchObject({ phase: 'Failed', ...failure });
});

test.each([
  [20, '20ms'],
  [10_000, '10s'],
  [80_000, '1m20s'],
  [300_000, '5m0s'],
])('%d milliseconds are written %s', (ms, text) => {
  expect(goDuration(ms)).toBe(text);
});
