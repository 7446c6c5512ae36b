import { JOBS, PODS } from '../../../../dev/cluster/controllers/client';
import type { Job, Pod } from '../../../../dev/cluster/controllers/wire';
import { createWorld, failed, running, succeeded, type World } from './world';

let world: World;
beforeEach(() => {
  world = createWorld();
});
afterEach(() => world.stop());

async function createJob(spec: Partial<Job['spec']> = {}): Promise<void> {
  world.client.create(JOBS, {
    metadata: { name: 'task', namespace: 'default' },
    spec: {
      parallelism: 1,
      completions: 1,
      template: { spec: { restartPolicy: 'Never', containers: [{ name: 'main', image: 'x' }] } },
      ...spec,
    },
  });
  await world.settle();
}

const job = (): Job => world.client.get(JOBS, 'default', 'task')!;
const pods = (): readonly Pod[] => world.client.list(PODS, 'default');
const active = (): readonly Pod[] =>
  pods().filter(
    ({ metadata, status }) =>
      !metadata.deletionTimestamp && (status?.phase === 'Pending' || status?.phase === 'Running'),
  );
const conditions = (): unknown => job().status?.conditions?.map(({ type, reason }) => `${type} ${reason}`);
/** Something changes on the Job, so that it is looked at again. */
async function touch(): Promise<void> {
  world.client.modify(JOBS, job(), (latest) => ({
    ...latest,
    metadata: { ...latest.metadata, labels: { at: String(world.now().getTime()) } },
  }));
  await world.settle();
}

async function endDeleted(): Promise<void> {
  for (const pod of pods().filter(({ metadata }) => metadata.deletionTimestamp)) {
    await world.report(pod, failed(world.now(), 137));
    world.client.remove(PODS.type, pod, { gracePeriodSeconds: 0 });
  }
  await world.settle();
}

test('a job runs its pods to completion', async () => {
  await createJob({ parallelism: 2, completions: 3 });
  expect(active()).toHaveLength(2);
  expect(job().status).toMatchObject({ active: 2, startTime: '2026-01-01T00:00:00Z' });
  for (let round = 0; round < 3; round += 1) await world.report(active()[0]!, succeeded(world.now()));
  expect(job().status).toMatchObject({ succeeded: 3, completionTime: '2026-01-01T00:00:00Z' });
  expect(conditions()).toEqual(['SuccessCriteriaMet CompletionsReached', 'Complete CompletionsReached']);
  expect(world.events('Completed')).toEqual(['Job completed']);
});

test('a failed pod is replaced after a delay that doubles, until the limit', async () => {
  await createJob({ backoffLimit: 1 });
  await world.report(active()[0]!, failed(world.now()));
  expect(active()).toHaveLength(0);
  expect(job().status?.failed).toBe(1);
  world.pass(10);
  await touch();
  expect(active()).toHaveLength(1);
  await world.report(active()[0]!, failed(world.now()));
  expect(conditions()).toEqual(['FailureTarget BackoffLimitExceeded', 'Failed BackoffLimitExceeded']);
  expect(job().status?.failed).toBe(2);
  expect(job().status?.completionTime).toBeUndefined();
});

test('past its deadline a job ends its pods, and fails once they are gone', async () => {
  await createJob({ activeDeadlineSeconds: 60 });
  await world.report(active()[0]!, running(world.now()));
  world.pass(61);
  await touch();
  expect(conditions()).toEqual(['FailureTarget DeadlineExceeded']);
  await endDeleted();
  expect(conditions()).toEqual(['FailureTarget DeadlineExceeded', 'Failed DeadlineExceeded']);
});

test('a disrupted pod is replaced without being counted when the policy ignores it', async () => {
  const rules = [{ action: 'Ignore', onPodConditions: [{ type: 'DisruptionTarget', status: 'True' }] }];
  await createJob({ backoffLimit: 0, podFailurePolicy: { rules } });
  const disrupted = { ...failed(world.now()), conditions: [{ type: 'DisruptionTarget', status: 'True' }] };
  await world.report(active()[0]!, disrupted);
  expect(job().status?.failed).toBeUndefined();
  expect(active()).toHaveLength(1);
});

test('an exit code that the policy calls fatal fails the job at once', async () => {
  const rules = [{ action: 'FailJob', onExitCodes: { operator: 'In', values: [42] } }];
  await createJob({ podFailurePolicy: { rules } });
  await world.report(active()[0]!, failed(world.now(), 42));
  expect(conditions()).toEqual(['FailureTarget PodFailurePolicy', 'Failed PodFailurePolicy']);
  expect(job().status?.conditions?.[0]?.message).toMatch(
    /^Container main for pod default\/task-.* failed with exit code 42 matching FailJob rule at index 0$/,
  );
});

test('a suspended job has no pods, and runs when resumed', async () => {
  await createJob({ suspend: true });
  expect(pods()).toEqual([]);
  expect(conditions()).toEqual(['Suspended JobSuspended']);
  world.client.modify(JOBS, job(), (latest) => ({ ...latest, spec: { ...latest.spec, suspend: false } }));
  await world.settle();
  expect(active()).toHaveLength(1);
  expect(conditions()).toEqual(['Suspended JobResumed']);
});

test('with a time to live, a finished job goes away with its pods', async () => {
  await createJob({ ttlSecondsAfterFinished: 30 });
  await world.report(active()[0]!, succeeded(world.now()));
  world.pass(31);
  await touch();
  expect(world.client.list(JOBS)).toEqual([]);
  expect(pods()).toEqual([]);
});

test('pods of a deleted job are let go', async () => {
  await createJob();
  world.client.remove(JOBS.type, job());
  await world.settle();
  await endDeleted();
  expect(pods()).toEqual([]);
});
