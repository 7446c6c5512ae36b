import { CONFIG_MAPS, PODS, SECRETS } from '../../../../dev/cluster/controllers/client';
import type { ContainerStatus } from '../../../../dev/cluster/kubelet/podStatus';
import { isAlive, node, startMachine, type Machine } from './machine';

let machine: Machine;
beforeEach(() => {
  machine = startMachine();
});
afterEach(() => machine.stop());

const phase = (name?: string): string | undefined => machine.pod(name)?.status?.phase;
const main = (): ContainerStatus =>
  machine.pod().status?.containerStatuses?.[0] ?? { name: '', image: '', imageID: '', ready: false, restartCount: 0 };
const pidOf = (): number => Number(main().containerID?.slice('process://'.length));
const finished = (): Promise<string> => machine.until(() => ['Succeeded', 'Failed'].includes(phase() ?? '') && phase());

test('a pod runs to success, with its log, its status and its events', async () => {
  machine.run({ containers: [node("console.log('hello'); console.error('there')")] });
  expect(await finished()).toBe('Succeeded');
  expect((await machine.logs()).split('\n').toSorted()).toEqual(['', 'hello', 'there']);
  expect(main().state?.terminated).toMatchObject({ exitCode: 0, reason: 'Completed' });
  const conditions = Object.fromEntries(machine.pod().status!.conditions!.map((each) => [each.type, each.status]));
  expect(conditions).toMatchObject({
    PodScheduled: 'True',
    Initialized: 'True',
    Ready: 'False',
    ContainersReady: 'False',
  });
  for (const reason of ['Scheduled', 'Pulled', 'Created', 'Started']) expect(machine.events(reason)).toHaveLength(1);
});

test('a failing program fails its pod with its exit code', async () => {
  machine.run({ containers: [node('process.exit(3)')] });
  expect(await finished()).toBe('Failed');
  expect(main().state?.terminated).toMatchObject({ exitCode: 3, reason: 'Error' });
});

test('the last words of a program are told with its end, as far as they may be long', async () => {
  const speak = "require('node:fs').writeFileSync(process.env.WORDS, 'x'.repeat(5000)); process.exit(1)";
  machine.run({ containers: [{ ...node(speak), env: [{ name: 'WORDS', value: '/dev/termination-log' }] }] });
  await finished();
  expect(main().state?.terminated).toMatchObject({ exitCode: 1, message: 'x'.repeat(4096) });
});

test('last words go where the container says', async () => {
  const terminationMessagePath = '/run/words';
  machine.run({
    containers: [{ ...node(''), command: ['sh', '-c', 'echo bye > /run/words'], terminationMessagePath }],
  });
  await finished();
  expect(main().state?.terminated).toMatchObject({ exitCode: 0, message: 'bye\n' });
});

test('a program is killed from outside: its exit code tells the signal', async () => {
  machine.run({ containers: [node('setInterval(() => {}, 1000)')] });
  const pid = await machine.until(() => pidOf() || undefined);
  process.kill(pid, 'SIGKILL');
  await finished();
  expect(main().state?.terminated?.exitCode).toBe(137);
});

test('a crashing program is restarted after growing delays, and its previous log can be read', async () => {
  machine.run({ restartPolicy: 'Always', containers: [node("console.log('try'); process.exit(1)")] });
  await machine.until(() => main().restartCount >= 2 && main().state?.waiting?.reason === 'CrashLoopBackOff');
  expect(main().lastState?.terminated?.exitCode).toBe(1);
  expect(main().state?.waiting?.message).toMatch(
    /^back-off \d+ms restarting failed container=main pod=pod_default\(.*\)$/,
  );
  expect(machine.events('BackOff')[0]).toMatch(/^Back-off restarting failed container main in pod pod_default/);
  expect(await machine.logs({ previous: true })).toBe('try\n');
});

test('a program sees its own environment only, with references resolved', async () => {
  machine.client.create(CONFIG_MAPS, { metadata: { name: 'settings', namespace: 'default' }, data: { COLOR: 'blue' } });
  machine.client.create(SECRETS, {
    metadata: { name: 'secret', namespace: 'default' },
    data: { token: Buffer.from('s3cret').toString('base64') },
  });
  const env = [
    { name: 'NAME', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } },
    { name: 'APP', valueFrom: { fieldRef: { fieldPath: "metadata.labels['app']" } } },
    { name: 'TOKEN', valueFrom: { secretKeyRef: { name: 'secret', key: 'token' } } },
    { name: 'TEXT', value: '$(NAME)/$(TOKEN) $$(NAME) $(UNKNOWN)' },
  ];
  const envFrom = [
    { prefix: 'CFG_', configMapRef: { name: 'settings' } },
    { secretRef: { name: 'none', optional: true } },
  ];
  const script = 'console.log(JSON.stringify(process.env), process.argv[1])';
  machine.run({ containers: [node(script, { env, envFrom, args: ['$(APP)'] })] });
  await finished();
  const [, json = '', word] = /^(\{.*\}) (.*)\n$/.exec(await machine.logs()) ?? [];
  expect(word).toBe('pod');
  expect(JSON.parse(json)).toMatchObject({
    NAME: 'pod',
    APP: 'pod',
    TOKEN: 's3cret',
    CFG_COLOR: 'blue',
    TEXT: 'pod/s3cret $(NAME) $(UNKNOWN)',
    LANG: 'C',
  });
  expect(JSON.parse(json)).not.toHaveProperty('SECRET_OF_HOST');
});

test('a missing Secret holds the container back until it is there', async () => {
  const env = [{ name: 'TOKEN', valueFrom: { secretKeyRef: { name: 'late', key: 'token' } } }];
  machine.run({ containers: [node('', { env })] });
  await machine.until(() => main().state?.waiting?.reason === 'CreateContainerConfigError');
  expect(main().state?.waiting?.message).toBe('secret "late" not found');
  expect(machine.events('Failed')).toEqual(['Error: secret "late" not found']);
  machine.client.create(SECRETS, { metadata: { name: 'late', namespace: 'default' }, data: { token: '' } });
  expect(await finished()).toBe('Succeeded');
});

test.each([
  [{ command: ['no-such-program'] }, 'exec: "no-such-program": executable file not found in $PATH'],
  [{ command: ['/no/such/program'] }, 'exec: "/no/such/program": stat /no/such/program: no such file or directory'],
])('a program that is not there fails the start: %j', async (container, message) => {
  machine.run({ containers: [{ name: 'main', image: 'x', ...container }] });
  expect(await finished()).toBe('Failed');
  expect(main().state?.terminated).toMatchObject({ exitCode: 128, reason: 'StartError' });
  expect(main().state?.terminated?.message).toContain(message);
});

test('an image that cannot be pulled is told as Kubernetes tells it', async () => {
  machine.run({ containers: [{ name: 'main', image: 'does-not-exist:1' }] });
  await machine.until(() => main().state?.waiting?.reason === 'ImagePullBackOff');
  expect(machine.events('BackOff')).toEqual(['Back-off pulling image "does-not-exist:1"']);
  expect(machine.events('Failed')).toContain('Error: ErrImagePull');
  expect(phase()).toBe('Pending');
});

test('a name that is none of an image is told at once', async () => {
  machine.run({ containers: [{ name: 'main', image: 'Not/A/Name:1' }] });
  const waiting = await machine.until(() => main().state?.waiting?.reason === 'InvalidImageName' && main().state);
  const message = `Failed to apply default image tag "Not/A/Name:1": couldn't parse image name "Not/A/Name:1": invalid reference format: repository name (A/Name) must be lowercase`;
  expect(waiting).toEqual({ waiting: { reason: 'InvalidImageName', message } });
  expect(machine.events('InspectFailed')).toEqual([message]);
  expect(machine.events('Failed')).toEqual(['Error: InvalidImageName']);
  expect(phase()).toBe('Pending');
});

const noteOrder = (name: string): ReturnType<typeof node> => {
  const volumeMounts = [{ name: 'shared', mountPath: '/shared' }];
  return node(`require('fs').appendFileSync('/shared/order', '${name} ')`, { name, volumeMounts });
};

test('init containers run one after another before the others', async () => {
  machine.run({
    initContainers: [noteOrder('one'), noteOrder('two')],
    containers: [{ ...noteOrder('main'), command: ['sh', '-c', 'cat /shared/order'] }],
    volumes: [{ name: 'shared', emptyDir: {} }],
  });
  expect(await finished()).toBe('Succeeded');
  expect(await machine.logs()).toBe('one two ');
});

test('an init container that fails for good fails the pod', async () => {
  machine.run({ initContainers: [{ ...node('process.exit(2)'), name: 'init' }], containers: [node('')] });
  expect(await finished()).toBe('Failed');
  expect(main().state?.waiting?.reason).toBe('PodInitializing');
});

test('a sidecar runs beside the main container and ends after it', async () => {
  const sidecar = { ...node('setInterval(() => {}, 1000)'), name: 'sidecar', restartPolicy: 'Always' };
  machine.run({ initContainers: [sidecar], containers: [node('')], terminationGracePeriodSeconds: 1 });
  expect(await finished()).toBe('Succeeded');
  expect(machine.pod().status?.initContainerStatuses?.[0]?.state?.terminated?.exitCode).toBe(143);
});

/** Runs until it is ended, and says so once it can be. */
const lasting = (onTerm: string): ReturnType<typeof node> =>
  node(`process.on('SIGTERM', () => { ${onTerm} }); console.log('up'); setInterval(() => {}, 1000)`);

async function firstLine(): Promise<string> {
  const signal = AbortSignal.timeout(5000);
  const query = { namespace: 'default', pod: 'pod', follow: true, previous: false, timestamps: false, signal };
  await machine.until(() => phase() === 'Running');
  for await (const line of machine.kubelet.podLogs(query)) return Buffer.from(line).toString();
  return '';
}

test('a deleted pod gets SIGTERM, its time, and is gone afterwards', async () => {
  machine.run({ containers: [lasting('process.exit(0)')] });
  expect(await firstLine()).toBe('up\n');
  const pid = pidOf();
  machine.client.remove(PODS.type, machine.pod());
  expect(machine.pod().metadata.deletionTimestamp).toBeDefined();
  await machine.until(() => machine.pod() === undefined);
  expect(isAlive(pid)).toBe(false);
  expect(machine.events('Killing')).toEqual(['Stopping container main']);
});

test('a pod that ignores SIGTERM is killed when its grace is over', async () => {
  machine.run({ terminationGracePeriodSeconds: 1, containers: [lasting('')] });
  await firstLine();
  const pid = pidOf();
  machine.client.remove(PODS.type, machine.pod());
  await machine.until(() => machine.pod() === undefined);
  expect(isAlive(pid)).toBe(false);
});

test('a repeated deletion may shorten the grace', async () => {
  machine.run({ terminationGracePeriodSeconds: 600, containers: [lasting('')] });
  await firstLine();
  const pid = pidOf();
  machine.client.remove(PODS.type, machine.pod());
  machine.client.remove(PODS.type, machine.pod(), { gracePeriodSeconds: 0 });
  expect(machine.pod()).toBeUndefined();
  await machine.kubelet.stop();
  expect(isAlive(pid)).toBe(false);
});

test('a pod past its own deadline fails', async () => {
  machine.run({
    activeDeadlineSeconds: 1,
    terminationGracePeriodSeconds: 0,
    containers: [node('setInterval(() => {}, 1000)')],
  });
  expect(await finished()).toBe('Failed');
  expect(machine.pod().status?.reason).toBe('DeadlineExceeded');
  expect(machine.pod().status?.containerStatuses?.[0]?.state?.running).toBeUndefined();
  expect(machine.events('DeadlineExceeded')).toHaveLength(1);
});

test('a deadline that is lowered while the pod runs ends it within its grace, and its log stays', async () => {
  machine.run({ activeDeadlineSeconds: 600, containers: [lasting('process.exit(0)')] });
  await firstLine();
  machine.client.modify(PODS, machine.pod(), (latest) => ({
    ...latest,
    spec: { ...latest.spec, activeDeadlineSeconds: 1 },
  }));
  expect(await finished()).toBe('Failed');
  expect(machine.pod().status?.reason).toBe('DeadlineExceeded');
  expect(await machine.logs()).not.toBe('');
});
