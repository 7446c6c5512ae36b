import { DEPLOYMENTS, PODS, REPLICA_SETS } from '../../../../dev/cluster/controllers/client';
import type { Deployment, Pod } from '../../../../dev/cluster/controllers/wire';
import { forbidden } from '../../../../dev/cluster/api/status';
import { createWorld, running, type World } from './world';

let world: World;
afterEach(() => world.stop());

const template = (image: string): Deployment['spec']['template'] => ({
  metadata: { labels: { app: 'web' } },
  spec: { containers: [{ name: 'main', image }] },
});

async function createDeployment(spec: Partial<Deployment['spec']> = {}): Promise<void> {
  world.client.create(DEPLOYMENTS, {
    metadata: { name: 'web', namespace: 'default' },
    spec: { replicas: 2, selector: { matchLabels: { app: 'web' } }, template: template('one'), ...spec },
  });
  await world.settle();
}

const deployment = (): Deployment => world.client.get(DEPLOYMENTS, 'default', 'web')!;
const pods = (): readonly Pod[] => world.client.list(PODS, 'default');
const condition = (type: string): unknown => {
  const found = deployment().status?.conditions?.find((each) => each.type === type);
  return found && [found.status, found.reason];
};

async function runAll(): Promise<void> {
  for (const pod of pods()) if (pod.status?.phase === 'Pending') await world.report(pod, running(world.now()));
}

async function change(spec: Partial<Deployment['spec']>): Promise<void> {
  world.client.modify(DEPLOYMENTS, deployment(), (latest) => ({ ...latest, spec: { ...latest.spec, ...spec } }));
  await world.settle();
}

async function endDeleted(): Promise<void> {
  for (const pod of pods().filter(({ metadata }) => metadata.deletionTimestamp)) {
    world.client.remove(PODS.type, pod, { gracePeriodSeconds: 0 });
  }
  await world.settle();
}

test('a deployment becomes a replica set, pods, and available', async () => {
  world = createWorld();
  await createDeployment();
  expect(pods().map(({ metadata }) => metadata.generateName)).toEqual(
    Array(2).fill(pods()[0]!.metadata.ownerReferences![0]!.name + '-'),
  );
  expect(condition('Available')).toEqual(['False', 'MinimumReplicasUnavailable']);
  await runAll();
  expect(condition('Available')).toEqual(['True', 'MinimumReplicasAvailable']);
  expect(condition('Progressing')).toEqual(['True', 'NewReplicaSetAvailable']);
  expect(deployment().status).toMatchObject({
    replicas: 2,
    readyReplicas: 2,
    availableReplicas: 2,
    updatedReplicas: 2,
    observedGeneration: 1,
  });
  expect(world.events('ScalingReplicaSet')).toHaveLength(1);
});

test('a new template is rolled out without losing availability, and the old replica set stays for a rollback', async () => {
  world = createWorld();
  await createDeployment({ strategy: { rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } } });
  await runAll();
  await change({ template: template('two') });
  for (let step = 0; step < 6; step += 1) {
    expect(pods().filter(({ metadata }) => !metadata.deletionTimestamp).length).toBeLessThanOrEqual(3);
    expect(deployment().status?.availableReplicas).toBeGreaterThanOrEqual(2);
    await runAll();
    await endDeleted();
  }
  expect(pods().map(({ spec }) => spec.containers[0]?.image)).toEqual(['two', 'two']);
  expect(condition('Progressing')).toEqual(['True', 'NewReplicaSetAvailable']);
  expect(
    world.client
      .list(REPLICA_SETS, 'default')
      .map(({ spec }) => spec.replicas)
      .toSorted((a, b) => (a ?? 0) - (b ?? 0)),
  ).toEqual([0, 2]);
  expect(deployment().metadata.annotations?.['deployment.kubernetes.io/revision']).toBe('2');
});

test('with strategy Recreate the old pods end before new ones start', async () => {
  world = createWorld();
  await createDeployment({ strategy: { type: 'Recreate' } });
  await runAll();
  await change({ template: template('two') });
  expect(pods().map(({ spec }) => spec.containers[0]?.image)).toEqual(['one', 'one']);
  await endDeleted();
  expect(pods().map(({ spec }) => spec.containers[0]?.image)).toEqual(['two', 'two']);
});

test('scaling to zero ends all pods', async () => {
  world = createWorld();
  await createDeployment();
  await change({ replicas: 0 });
  await endDeleted();
  expect(pods()).toEqual([]);
});

test('a refused pod is told on replica set, deployment and in an event', async () => {
  world = createWorld((type, object) => {
    if (type.kind === 'Pod') throw forbidden(type, object.metadata?.generateName ?? '', 'exceeded quota: few');
    return object;
  });
  await createDeployment();
  const [replicaSet] = world.client.list(REPLICA_SETS, 'default');
  expect(replicaSet?.status?.conditions).toMatchObject([
    { type: 'ReplicaFailure', status: 'True', reason: 'FailedCreate' },
  ]);
  expect(condition('ReplicaFailure')).toEqual(['True', 'FailedCreate']);
  expect(world.events('FailedCreate')[0]).toMatch(/^Error creating: pods "web-.*-" is forbidden: exceeded quota: few$/);
});

test('a rollout that stands still is told as late', async () => {
  world = createWorld();
  await createDeployment({ progressDeadlineSeconds: 60 });
  world.pass(61);
  await change({ minReadySeconds: 1 });
  expect(condition('Progressing')).toEqual(['False', 'ProgressDeadlineExceeded']);
});

test('deleting the deployment removes all that it made', async () => {
  world = createWorld();
  await createDeployment();
  world.client.remove(DEPLOYMENTS.type, deployment());
  await world.settle();
  await endDeleted();
  expect(pods()).toEqual([]);
  expect(world.client.list(REPLICA_SETS, 'default')).toEqual([]);
});
