import { PERSISTENT_VOLUME_CLAIMS, PODS, STATEFUL_SETS } from '../../../../dev/cluster/controllers/client';
import type { StatefulSet } from '../../../../dev/cluster/controllers/wire';
import { createWorld, running, type World } from './world';

let world: World;
beforeEach(() => {
  world = createWorld();
});
afterEach(() => world.stop());

const template = (image: string): StatefulSet['spec']['template'] => ({
  metadata: { labels: { app: 'db' } },
  spec: { containers: [{ name: 'main', image }] },
});
const names = (): string[] => world.client.list(PODS).map(({ metadata }) => metadata.name);
const set = (): StatefulSet => world.client.get(STATEFUL_SETS, 'default', 'db')!;

async function runPod(name: string): Promise<void> {
  await world.report(world.client.get(PODS, 'default', name)!, running(world.now()));
}

async function change(spec: Partial<StatefulSet['spec']>): Promise<void> {
  world.client.modify(STATEFUL_SETS, set(), (latest) => ({ ...latest, spec: { ...latest.spec, ...spec } }));
  await world.settle();
  const leaving = world.client.list(PODS).filter(({ metadata }) => metadata.deletionTimestamp);
  for (const pod of leaving) world.client.remove(PODS.type, pod, { gracePeriodSeconds: 0 });
  await world.settle();
}

test('numbered pods come one after another, each with its claim, and go from the last', async () => {
  world.client.create(STATEFUL_SETS, {
    metadata: { name: 'db', namespace: 'default' },
    spec: {
      replicas: 2,
      selector: { matchLabels: { app: 'db' } },
      template: template('one'),
      volumeClaimTemplates: [{ metadata: { name: 'data' }, spec: { accessModes: ['ReadWriteOnce'] } }],
    },
  });
  await world.settle();
  expect(names()).toEqual(['db-0']);
  await runPod('db-0');
  expect(names()).toEqual(['db-0', 'db-1']);
  await runPod('db-1');
  const claims = world.client.list(PERSISTENT_VOLUME_CLAIMS);
  expect(claims.map(({ metadata, status }) => [metadata.name, status?.phase])).toEqual([
    ['data-db-0', 'Bound'],
    ['data-db-1', 'Bound'],
  ]);
  expect(set().status).toMatchObject({ replicas: 2, readyReplicas: 2, updatedReplicas: 2 });
  await change({ replicas: 1 });
  expect(names()).toEqual(['db-0']);
  await change({ template: template('two') });
  expect(world.client.get(PODS, 'default', 'db-0')?.spec.containers[0]?.image).toBe('two');
});
