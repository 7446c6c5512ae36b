import { PODS, REPLICA_SETS } from '../../../../dev/cluster/controllers/client';
import { forbidden } from '../../../../dev/cluster/api/status';
import { createWorld, type World } from './world';

let world: World;
afterEach(() => world.stop());

async function createReplicaSet(replicas: number): Promise<void> {
  const template = { metadata: { labels: { app: 'web' } }, spec: { containers: [{ name: 'main', image: 'x' }] } };
  world.client.create(REPLICA_SETS, {
    metadata: { name: 'web', namespace: 'default' },
    spec: { replicas, selector: { matchLabels: { app: 'web' } }, template },
  });
  await world.settle();
}

test('refusals with ever new words do not wake the controller by its own status', async () => {
  let refusals = 0;
  world = createWorld((type, object) => {
    if (type.kind !== 'Pod' || world.client.list(PODS).length < 2) return object;
    refusals += 1;
    throw forbidden(type, `web-${refusals}`, 'exceeded quota: few');
  });
  await createReplicaSet(3);
  expect(world.client.list(PODS)).toHaveLength(2);
  expect(refusals).toBeLessThan(10);
  expect(world.client.get(REPLICA_SETS, 'default', 'web')?.status?.conditions).toMatchObject([
    { type: 'ReplicaFailure', reason: 'FailedCreate', message: expect.stringContaining('"web-1" is forbidden') },
  ]);
});

test('a failure that is over leaves the status', async () => {
  let isRefusing = true;
  world = createWorld((type, object) => {
    if (type.kind === 'Pod' && isRefusing) throw forbidden(type, 'web', 'exceeded quota: few');
    return object;
  });
  await createReplicaSet(1);
  isRefusing = false;
  const replicaSet = world.client.get(REPLICA_SETS, 'default', 'web')!;
  world.client.modify(REPLICA_SETS, replicaSet, (latest) => ({ ...latest, spec: { ...latest.spec, replicas: 2 } }));
  await world.settle();
  expect(world.client.get(REPLICA_SETS, 'default', 'web')?.status).toMatchObject({ replicas: 2, conditions: [] });
});
