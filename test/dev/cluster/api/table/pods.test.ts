import { statusWord } from '../../../../../dev/cluster/api/table/pods';
import { shortDuration } from '../../../../../dev/cluster/api/table/duration';

const waiting = (reason: string) => ({ state: { waiting: { reason } } });
const ended = (exitCode: number, reason = '') => ({ state: { terminated: { exitCode, reason } } });
const running = { ready: true, state: { running: {} } };

describe('the status word of a pod', () => {
  it.each<[string, object, object]>([
    ['Pending', {}, { phase: 'Pending' }],
    ['Running', {}, { phase: 'Running', containerStatuses: [running] }],
    ['ImagePullBackOff', {}, { phase: 'Pending', containerStatuses: [waiting('ImagePullBackOff')] }],
    ['Error', {}, { phase: 'Failed', containerStatuses: [ended(1, 'Error')] }],
    ['ExitCode:3', {}, { phase: 'Failed', containerStatuses: [ended(3)] }],
    ['NotReady', {}, { phase: 'Running', containerStatuses: [ended(0, 'Completed'), running] }],
    ['Evicted', {}, { phase: 'Failed', reason: 'Evicted' }],
    ['Terminating', { deletionTimestamp: 'x' }, { phase: 'Running', containerStatuses: [running] }],
    ['Init:0/2', {}, { phase: 'Pending', initContainerStatuses: [{ name: 'a', state: { running: {} } }] }],
    ['Init:Error', {}, { phase: 'Pending', initContainerStatuses: [{ name: 'a', ...ended(1, 'Error') }] }],
    [
      'Init:CrashLoopBackOff',
      {},
      { phase: 'Pending', initContainerStatuses: [{ name: 'a', ...waiting('CrashLoopBackOff') }] },
    ],
  ])('%s', (word, metadata, status) => {
    expect(statusWord({ metadata, spec: { initContainers: [{ name: 'a' }, { name: 'b' }] }, status })).toBe(word);
  });
});

it.each([
  [0, '0s'],
  [119, '119s'],
  [120, '2m'],
  [330, '5m30s'],
  [3600, '60m'],
  [11_520, '3h12m'],
  [100_000, '27h'],
  [200_000, '2d7h'],
  [1_000_000, '11d'],
  [70_000_000, '2y80d'],
  [-10, '<invalid>'],
])('%i seconds are told as %s', (seconds, told) => {
  expect(shortDuration(seconds * 1000)).toBe(told);
});
