import { heldUpBy } from '../../../functions/archive/operation/heldUp';
import type { Pod } from '../../../lib/status/observed';

const NO_ROOM = '0/2 nodes are available: 1 node(s) were unschedulable.';
const unplaced: Pod = {
  status: { phase: 'Pending', conditions: [{ type: 'PodScheduled', status: 'False', message: NO_ROOM }] },
};
const waiting = (reason: string, message?: string): Pod => ({
  spec: { nodeName: 'node1' },
  status: {
    phase: 'Pending',
    conditions: [{ type: 'PodScheduled', status: 'True' }],
    containerStatuses: [{ name: 'mover', state: { waiting: { reason, message } } }],
  },
});

test.each<[string, readonly Pod[], string | undefined]>([
  ['no pod yet', [], undefined],
  ['no node', [unplaced], NO_ROOM],
  [
    'a Secret',
    [waiting('CreateContainerConfigError', 'secret "archive-s3" not found')],
    'secret "archive-s3" not found.',
  ],
  ['nothing but time', [waiting('ContainerCreating')], undefined],
  ['nothing, as it runs', [{ status: { ...unplaced.status, phase: 'Running' } }], undefined],
  ['nothing any more', [{ status: { ...unplaced.status, phase: 'Failed' } }], undefined],
])('what a mover waits for: %s', (_what, pods, expected) => {
  expect(heldUpBy(pods)).toBe(expected);
});
