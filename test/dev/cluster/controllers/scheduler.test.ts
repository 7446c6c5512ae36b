import { parseQuantity } from '../../../../lib/quantity';
import { PODS } from '../../../../dev/cluster/controllers/client';
import type { Pod } from '../../../../dev/cluster/controllers/wire';
import { createWorld, succeeded, type World } from './world';

let world: World;
beforeEach(async () => {
  world = createWorld();
  await world.settle();
});
afterEach(() => world.stop());

async function schedule(spec: Partial<Pod['spec']>, name = 'pod'): Promise<Pod> {
  world.client.create(PODS, {
    metadata: { name, namespace: 'default' },
    spec: { containers: [{ name: 'main', image: 'x' }], ...spec },
  });
  await world.settle();
  return world.client.get(PODS, 'default', name)!;
}

const requesting = (requests: Record<string, string>): Partial<Pod['spec']> => ({
  containers: [{ name: 'main', image: 'x', resources: { requests } }],
});

test('a pod is bound to the node, with an event', async () => {
  expect((await schedule({})).spec.nodeName).toBe('embedded');
  expect(world.events('Scheduled')).toEqual(['Successfully assigned default/pod to embedded']);
});

const PREEMPTION = 'no new claims to deallocate, preemption: 0/1 nodes are available: 1';
const NO_VICTIMS = `${PREEMPTION} No preemption victims found for incoming pod.`;
const NOT_HELPFUL = `${PREEMPTION} Preemption is not helpful for scheduling.`;
const affinity = (operator: string): Partial<Pod['spec']> => {
  const nodeSelectorTerms = [{ matchExpressions: [{ key: 'kubernetes.io/hostname', operator, values: ['embedded'] }] }];
  return { affinity: { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms } } } };
};

test.each([
  [requesting({ memory: '17Gi' }), `0/1 nodes are available: 1 Insufficient memory. ${NOT_HELPFUL}`],
  [
    requesting({ cpu: '8001m', memory: '17Gi' }),
    `0/1 nodes are available: 1 Insufficient cpu, 1 Insufficient memory. ${NOT_HELPFUL}`,
  ],
  [
    { nodeSelector: { gpu: 'yes' } },
    `0/1 nodes are available: 1 node(s) didn't match Pod's node affinity/selector. ${NOT_HELPFUL}`,
  ],
  [affinity('NotIn'), `0/1 nodes are available: 1 node(s) didn't match Pod's node affinity/selector. ${NOT_HELPFUL}`],
  [
    { volumes: [{ name: 'a', persistentVolumeClaim: { claimName: 'x' } }] },
    '0/1 nodes are available: persistentvolumeclaim "x" not found. not found',
  ],
])('a pod that does not fit says why: %j', async (spec, message) => {
  const pod = await schedule(spec);
  expect(pod.spec.nodeName).toBeUndefined();
  expect(pod.status?.conditions).toMatchObject([
    { type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message },
  ]);
  expect(world.events('FailedScheduling')).toEqual([message]);
});

test('a node affinity that the node satisfies is no obstacle', async () => {
  expect((await schedule(affinity('In'))).spec.nodeName).toBe('embedded');
});

test('a pod that waits for room is bound when another one ends', async () => {
  const big = requesting({ cpu: '5' });
  const first = await schedule(big, 'first');
  expect((await schedule(big, 'second')).spec.nodeName).toBeUndefined();
  expect(world.events('FailedScheduling')).toEqual([`0/1 nodes are available: 1 Insufficient cpu. ${NO_VICTIMS}`]);
  await world.report(first, succeeded(world.now()));
  expect(world.client.get(PODS, 'default', 'second')?.spec.nodeName).toBe('embedded');
});

test.each([
  ['500m', 0.5],
  ['2Gi', 2 ** 31],
  ['1e3', 1000],
  ['1.5k', 1500],
  [4, 4],
  ['1E', 1e18],
  ['junk', 0],
])('the quantity %s is %d', (text, value) => {
  expect(parseQuantity(text)).toBe(value);
});

test('a gated pod waits, says so, and is bound when its last gate is taken away', async () => {
  const gated = await schedule({ schedulingGates: [{ name: 'a/b' }] });
  expect(gated.spec.nodeName).toBeUndefined();
  expect(gated.status?.conditions).toMatchObject([
    { type: 'PodScheduled', status: 'False', reason: 'SchedulingGated' },
  ]);
  expect(world.events('FailedScheduling')).toEqual([]);

  world.client.modify(PODS, gated, (latest) => ({ ...latest, spec: { ...latest.spec, schedulingGates: [] } }));
  await world.settle();
  expect(world.client.get(PODS, 'default', 'pod')!.spec.nodeName).toBe('embedded');
});
