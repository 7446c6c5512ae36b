// A claim that a pod on another node uses: only there can it be read beside that pod.
import { createArchives, MOVER_IMAGE, type Archives } from '../../../support/archives';
import { eventually } from '../../../support/eventually';
import { BUSYBOX } from '../../../support/manifests';
import { moverNodes, untilMoversEnded } from '../../../support/movers';
import {
  addSecondNode,
  taint,
  withFirstNodeClosed,
  withNodeClosed,
  type SecondNode,
} from '../../../support/userjobs/secondNode';

jest.setTimeout(180_000);

const USERS_ONLY = { key: 'hub.jupyter.org/dedicated', operator: 'Equal', value: 'user', effect: 'NoSchedule' };

let archives: Archives;
let node: SecondNode;
let letGo: () => Promise<void>;

beforeAll(async () => {
  node = await addSecondNode([MOVER_IMAGE, BUSYBOX]);
  archives = await createArchives();
  await archives.claims.create('claim-ada');
  await archives.claims.run('claim-ada', 'echo one > /data/one');
  // As nodes for users are kept free of others.
  taint(node.name, `${USERS_ONLY.key}=${USERS_ONLY.value}:${USERS_ONLY.effect}`);
  letGo = await withFirstNodeClosed(async () => archives.claims.hold('claim-ada', { tolerations: [USERS_ONLY] }));
});

afterAll(async () => {
  await archives?.world.close();
  await node?.close();
});

test('it is archived on the node of that pod, which takes nobody else', async () => {
  const { backUp, rested, world } = archives;
  const asked = await backUp('claim-ada');
  await untilMoversEnded(world.cluster.kube);
  expect(await moverNodes(world.cluster.kube)).toEqual([node.name]);

  expect(await rested(asked)).toMatchObject({ phase: 'kept', files: 1, last: { outcome: 'done' } });
});

test('a node that takes no more pods makes it wait, and says so; it goes on when there is room', async () => {
  const { backUp, get, rested, world } = archives;
  const { kube } = world.cluster;
  const asked = await withNodeClosed(node.name, async () => {
    const { id } = await backUp('claim-ada');
    return eventually(async () => {
      const waiting = await get(id);
      expect(waiting.operation).toMatchObject({
        phase: 'waiting',
        message: expect.stringMatching(/node\(s\) were unschedulable/) as string,
      });
      expect(await moverNodes(kube)).toEqual([undefined]);
      return waiting;
    });
  });

  await untilMoversEnded(kube);
  expect(await moverNodes(kube)).toEqual([node.name]);
  expect(await rested(asked)).toMatchObject({ phase: 'kept', files: 1, last: { outcome: 'done' } });
});

test('when that pod has ended it is archived wherever there is room', async () => {
  const { backUp, rested, world } = archives;
  await letGo();
  const asked = await backUp('claim-ada');
  await untilMoversEnded(world.cluster.kube);
  expect(await moverNodes(world.cluster.kube)).not.toContain(node.name);

  expect(await rested(asked)).toMatchObject({ phase: 'kept', files: 1, last: { outcome: 'done' } });
});
