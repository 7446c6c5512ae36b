import { CONFIG_MAPS, NAMESPACES, SECRETS, SERVICE_ACCOUNTS } from '../../../../dev/cluster/controllers/client';
import type { ConfigMap } from '../../../../dev/cluster/controllers/wire';
import type { OwnerReference } from '../../../../lib/kube/objects';
import { createWorld, type World } from './world';

let world: World;
beforeEach(async () => {
  world = createWorld();
  await world.settle();
});
afterEach(() => world.stop());

const own = (owner: ConfigMap, more: Partial<OwnerReference> = {}): OwnerReference => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  name: owner.metadata.name,
  uid: owner.metadata.uid,
  ...more,
});
const create = (name: string, ownerReferences: OwnerReference[] = [], more: object = {}): ConfigMap =>
  world.client.create(CONFIG_MAPS, { metadata: { name, namespace: 'default', ownerReferences, ...more } });
const names = (): string[] => world.client.list(CONFIG_MAPS, 'default').map(({ metadata }) => metadata.name);

test('what a removed object owned goes with it, down to the last', async () => {
  const anchor = create('anchor');
  const child = create('child', [own(anchor)]);
  create('grandchild', [own(child)]);
  create('other');
  await world.settle();
  world.client.remove(CONFIG_MAPS.type, anchor);
  await world.settle();
  expect(names()).toEqual(['other']);
});

test('what is created for an owner that is gone already is removed too', async () => {
  const anchor = create('anchor');
  world.client.remove(CONFIG_MAPS.type, anchor);
  await world.settle();
  create('late', [own(anchor)]);
  await world.settle();
  expect(names()).toEqual([]);
});

test('an object stays as long as one of its owners, and forgets the other', async () => {
  const [one, two] = [create('one'), create('two')];
  create('shared', [own(one), own(two)]);
  world.client.remove(CONFIG_MAPS.type, one);
  await world.settle();
  expect(names()).toEqual(['shared', 'two']);
  expect(world.client.get(CONFIG_MAPS, 'default', 'shared')?.metadata.ownerReferences).toEqual([own(two)]);
});

test('an owner in another namespace does not count', async () => {
  world.client.create(NAMESPACES, { metadata: { name: 'other' } });
  const far = world.client.create(CONFIG_MAPS, { metadata: { name: 'far', namespace: 'other' } });
  create('near', [own(far)]);
  await world.settle();
  expect(names()).toEqual([]);
});

test('orphans stay and lose their owner', async () => {
  const anchor = create('anchor');
  create('child', [own(anchor)]);
  world.client.remove(CONFIG_MAPS.type, anchor, { propagationPolicy: 'Orphan' });
  await world.settle();
  expect(names()).toEqual(['child']);
  expect(world.client.get(CONFIG_MAPS, 'default', 'child')?.metadata.ownerReferences).toEqual([]);
});

test('in the foreground an owner waits for what blocks its deletion', async () => {
  const anchor = create('anchor');
  const child = create('child', [own(anchor, { blockOwnerDeletion: true })], { finalizers: ['test/wait'] });
  create('free', [own(anchor)]);
  world.client.remove(CONFIG_MAPS.type, anchor, { propagationPolicy: 'Foreground' });
  await world.settle();
  expect(names()).toEqual(['anchor', 'child']);
  world.client.modify(CONFIG_MAPS, child, (latest) => ({
    ...latest,
    metadata: { ...latest.metadata, finalizers: [] },
  }));
  await world.settle();
  expect(names()).toEqual([]);
});

test('a namespace takes all that lies in it along', async () => {
  const namespace = world.client.create(NAMESPACES, {
    metadata: { name: 'gone' },
    spec: { finalizers: ['kubernetes'] },
  });
  await world.settle();
  expect(world.client.get(SERVICE_ACCOUNTS, 'gone', 'default')).toBeDefined();
  world.client.create(SECRETS, { metadata: { name: 'a', namespace: 'gone', finalizers: ['test/wait'] } });
  world.client.remove(NAMESPACES.type, namespace);
  await world.settle();
  expect(world.client.get(NAMESPACES, '', 'gone')?.status?.phase).toBe('Terminating');
  const [held] = world.client.list(SECRETS, 'gone');
  world.client.modify(SECRETS, held!, (latest) => ({ ...latest, metadata: { ...latest.metadata, finalizers: [] } }));
  await world.settle();
  expect(world.client.get(NAMESPACES, '', 'gone')).toBeUndefined();
  expect(world.client.list(SERVICE_ACCOUNTS, 'gone')).toEqual([]);
});
