// What a poll says while a service starts, runs and is disturbed (contract 4, 9; weaknesses 5, 8).
import { eventually } from '../support/eventually';
import { mainDeployment, SLEEP, yaml } from '../support/manifests';
import { createWorld, type World } from '../support/world';

jest.setTimeout(80_000);

let world: World;

beforeAll(async () => {
  // The kubelet looks for a missing Secret again after ten to fifteen seconds.
  world = await createWorld({
    config: { services: { status_policy: { configGraceSeconds: 60, deletedGraceSeconds: 1 } } },
  });
});

afterAll(async () => {
  await world?.close();
});

describe('a service that starts', () => {
  it('is running: true from the first poll on, with a phase and words for it', async () => {
    await world.hub.start('first');

    const polled = await world.hub.poll('first');

    expect(polled.running).toBe(true);
    expect(['starting', 'running']).toContain(polled.status.phase);
    expect(polled.status).toMatchObject({ message: expect.stringMatching(/\w+/), retryable: expect.any(Boolean) });
    expect(polled.details).toBeUndefined();
  });

  it('comes to phase running, told in the keys of the contract and in their order', async () => {
    await world.hub.start('second');

    const polled = await world.hub.untilRunning('second');

    expect(Object.keys(polled)).toEqual([
      'servername',
      'start_id',
      'user_options',
      'jhub_user_id',
      'jhub_credential',
      'start_date',
      'stop_pending',
      'running',
      'status',
    ]);
    expect(polled.status.reason).toBeNull();
  });

  it('stays in phase starting until its probe is content', async () => {
    const probe = { exec: { command: ['sh', '-c', 'test -e ready || test -e /tmp/ready-for-<id>'] }, periodSeconds: 1 };
    world.workspace.describe('unready', {
      'service.yaml': yaml(mainDeployment({ container: { readinessProbe: probe } })),
    });
    await world.hub.start('unready', { service: 'unready', startId: '1' });
    await eventually(async () => {
      const [pod] = await world.cluster.kube.list('pods', 'name=unready-1');
      return (pod?.['status'] as { phase?: string } | undefined)?.phase === 'Running' ? true : undefined;
    });

    expect(await world.hub.poll('unready')).toMatchObject({ running: true, status: { phase: 'starting' } });
    await world.hub.stop('unready');
  });

  it('waits for a Secret that comes a little later', async () => {
    const env = [{ name: 'LATE', valueFrom: { secretKeyRef: { name: 'late', key: 'key' } } }];
    world.workspace.describe('patient', { 'service.yaml': yaml(mainDeployment({ container: { env } })) });
    await world.hub.start('patient', { service: 'patient' });
    await eventually(async () => ((await world.hub.poll('patient')).status.phase === 'starting' ? true : undefined));

    await world.cluster.kube.create('secrets', { metadata: { name: 'late' }, stringData: { key: 'value' } });

    expect(await world.hub.untilRunning('patient')).toMatchObject({ running: true });
  });
});

describe('a service that runs', () => {
  beforeAll(async () => {
    // Its pod takes some seconds to go, long enough to be seen without its Deployment.
    const command = ['sh', '-c', 'trap "" TERM; while :; do sleep 1; done'];
    const main = mainDeployment({ command, pod: { terminationGracePeriodSeconds: 5 } });
    world.workspace.describe('stubborn', { 'service.yaml': yaml(main) });
    await world.hub.start('steady', { startId: '1' });
    await world.hub.start('robbed', { service: 'stubborn', startId: '1' });
    await Promise.all(['steady', 'robbed'].map(async (name) => world.hub.untilRunning(name)));
    await world.cluster.kube.remove('deployments', 'deployment-main-robbed-1', { propagationPolicy: 'Background' });
  });

  it('weakness 8: says so at once when its Deployment was deleted behind our back', async () => {
    const polled = await eventually(async () => {
      const now = await world.hub.poll('robbed');
      return now.status.reason === 'Deleted' ? now : undefined;
    });

    expect(polled.status.message).toMatch(/deleted/);
  });

  it('is answered the same by every instance, also by one that was just started', async () => {
    const other = world.hubOf('hub-a', await world.addServices());

    expect(await other.poll('steady')).toEqual(await world.hub.poll('steady'));
  });

  it('weakness 5: does not need the files that it was started from', async () => {
    world.workspace.describe('vanishing', { 'service.yaml': yaml(mainDeployment()) });
    await world.hub.start('vanishing', { service: 'vanishing', startId: '1' });
    world.workspace.describe('vanishing', { 'service.yaml': 'no longer: [YAML' });

    expect(await world.hub.untilRunning('vanishing')).toMatchObject({ running: true });
    expect((await world.hub.stop('vanishing')).status).toBe(204);
    await eventually(async () => {
      const pods = await world.cluster.kube.list('pods', 'name=vanishing-1');
      return pods.length === 0 ? true : undefined;
    });
  });

  it('weakness 8: is not given up while a killed pod is replaced', async () => {
    const [pod] = await world.cluster.kube.list('pods', 'name=steady-1');
    await world.cluster.kube.remove('pods', pod?.metadata?.name ?? '', { gracePeriodSeconds: 0 });

    const seen = new Set<boolean>();
    await eventually(async () => {
      seen.add((await world.hub.poll('steady')).running);
      const [successor] = await world.cluster.kube.list('pods', 'name=steady-1');
      return successor !== undefined && successor.metadata?.uid !== pod?.metadata?.uid ? true : undefined;
    });

    expect(await world.hub.untilRunning('steady')).toMatchObject({ running: true });
    expect([...seen]).toEqual([true]);
  });

  it('survives a restart of its function', async () => {
    const instance = await world.addServices();
    await world.hubOf('hub-a', instance).start('outlives', { startId: '1' });
    await instance.stop();

    expect(await world.hub.untilRunning('outlives')).toMatchObject({ start_id: '1' });
  });

  it('is over when somebody scales it to nothing', async () => {
    await world.hub.start('scaled', { startId: '1' });
    await world.hub.untilRunning('scaled');
    await world.cluster.kube.patch('deployments', 'deployment-main-scaled-1', { spec: { replicas: 0 } });

    expect((await world.hub.untilOver('scaled')).status).toMatchObject({ reason: 'ScaledDown' });
  });

  it('shows its state in the list with suffix only', async () => {
    const plain = (await world.hub.send('GET', '/api/services/')).body as readonly Record<string, unknown>[];
    const suffixed = (await world.hub.send('GET', '/api/services.json')).body as readonly Record<string, unknown>[];

    expect(plain.find(({ servername }) => servername === 'steady')).not.toHaveProperty('running');
    expect(suffixed.find(({ servername }) => servername === 'steady')).toMatchObject({
      running: true,
      status: { phase: 'running' },
    });
    expect(plain.map(({ servername }) => servername)).toEqual(suffixed.map(({ servername }) => servername));
  });

  it('is restarted by the kubelet after a crash, and the poll says running again', async () => {
    const command = [
      'sh',
      '-c',
      `test -e /data/been && exec ${SLEEP.map((word) => `'${word}'`).join(' ')}; touch /data/been; sleep 1; exit 3`,
    ];
    const pod = { volumes: [{ name: 'data', emptyDir: {} }] };
    const container = { volumeMounts: [{ name: 'data', mountPath: '/data' }] };
    world.workspace.describe('stumbling', { 'service.yaml': yaml(mainDeployment({ command, pod, container })) });
    await world.hub.start('stumbling', { service: 'stumbling', startId: '1' });

    await eventually(async () => {
      expect((await world.hub.poll('stumbling')).running).toBe(true);
      const [object] = await world.cluster.kube.list('pods', 'name=stumbling-1');
      const status = object?.['status'] as
        { containerStatuses?: { restartCount: number; ready: boolean }[] } | undefined;
      const [main] = status?.containerStatuses ?? [];
      return main?.restartCount === 1 && main.ready ? true : undefined;
    }, 40);

    expect(await world.hub.untilRunning('stumbling')).toMatchObject({ running: true });
  });

  it('weakness 8: is over soon after its Deployment was deleted, for good', async () => {
    const polled = await world.hub.untilOver('robbed', 75);

    expect(polled.status).toMatchObject({ reason: 'Deleted', retryable: true });
    expect(polled.details).toMatchObject({ error: expect.any(String), detailed_error: expect.any(String) });
  });
});
