import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  CONFIG_MAPS,
  PERSISTENT_VOLUME_CLAIMS,
  PERSISTENT_VOLUMES,
  PODS,
  SECRETS,
} from '../../../../dev/cluster/controllers/client';
import type { Pod } from '../../../../dev/cluster/controllers/wire';
import { node, startMachine, type Machine } from './machine';

let machine: Machine;
beforeEach(() => {
  machine = startMachine();
});
afterEach(() => machine.stop());

const finished = (name = 'pod'): Promise<string> =>
  machine.until(
    () => ['Succeeded', 'Failed'].includes(machine.pod(name)?.status?.phase ?? '') && machine.pod(name).status!.phase!,
  );
const shell = (script: string, mountPath: string, more: object = {}): Pod['spec']['containers'] => [
  { name: 'main', image: 'x', command: ['sh', '-c', script], volumeMounts: [{ name: 'files', mountPath, ...more }] },
];
const createConfigMap = (data: Record<string, string>): void =>
  void machine.client.create(CONFIG_MAPS, { metadata: { name: 'settings', namespace: 'default' }, data });

test.each([
  { what: 'configMap', source: { configMap: { name: 'settings' } }, script: 'cat /etc/app/a.txt', output: 'one' },
  {
    what: 'configMap volume with items',
    source: { configMap: { name: 'settings', items: [{ key: 'a.txt', path: 'sub/b.txt' }] } },
    script: 'cat /etc/app/sub/b.txt',
    output: 'one',
  },
  {
    what: 'secret',
    source: { secret: { secretName: 'secret', defaultMode: 0o400 } },
    script: 'cat /etc/app/token; ls -lL /etc/app/token | cut -c1-10',
    output: 's3cret-r--------\n',
  },
  { what: 'optional', source: { configMap: { name: 'none', optional: true } }, script: 'ls /etc/app', output: '' },
  {
    what: 'downwardAPI',
    source: { downwardAPI: { items: [{ path: 'labels', fieldRef: { fieldPath: 'metadata.labels' } }] } },
    script: 'cat /etc/app/labels',
    output: 'app="pod"',
  },
  {
    what: 'projected',
    source: {
      projected: {
        sources: [
          { configMap: { name: 'settings' } },
          { secret: { name: 'secret' } },
          { serviceAccountToken: { path: 'sa' } },
        ],
      },
    },
    script: 'ls /etc/app',
    output: 'a.txt\ntoken\n',
  },
])('the files of a volume are seen at its mount path: $what', async ({ source, script, output }) => {
  createConfigMap({ 'a.txt': 'one' });
  const token = Buffer.from('s3cret').toString('base64');
  machine.client.create(SECRETS, { metadata: { name: 'secret', namespace: 'default' }, data: { token } });
  machine.run({ containers: shell(script, '/etc/app'), volumes: [{ name: 'files', ...source }] });
  expect(await finished()).toBe('Succeeded');
  expect(await machine.logs()).toBe(output);
});

test('files follow their ConfigMap', async () => {
  createConfigMap({ 'a.txt': 'one' });
  const volumes = [{ name: 'files', configMap: { name: 'settings' } }];
  machine.run({
    containers: shell('while ! grep -q two /etc/app/a.txt; do sleep 0.02; done; ls /etc/app', '/etc/app'),
    volumes,
  });
  await machine.until(() => machine.pod().status?.phase === 'Running');
  const [settings] = machine.client.list(CONFIG_MAPS, 'default');
  machine.client.modify(CONFIG_MAPS, settings!, (latest) => ({ ...latest, data: { 'a.txt': 'two', 'b.txt': '' } }));
  expect(await finished()).toBe('Succeeded');
  expect(await machine.logs()).toBe('a.txt\nb.txt\n');
});

test('a missing source holds the pod back until it is there', async () => {
  machine.run({
    containers: shell('cat /etc/app/a.txt', '/etc/app'),
    volumes: [{ name: 'files', configMap: { name: 'settings' } }],
  });
  await machine.until(() => machine.events('FailedMount').length > 0);
  expect(machine.events('FailedMount')).toEqual([
    'MountVolume.SetUp failed for volume "files" : configmap "settings" not found',
  ]);
  expect(machine.pod().status?.containerStatuses?.[0]?.state?.waiting?.reason).toBe('ContainerCreating');
  createConfigMap({ 'a.txt': 'one' });
  expect(await finished()).toBe('Succeeded');
});

test('hostPath is refused', async () => {
  machine.run({ containers: shell('true', '/host'), volumes: [{ name: 'files', hostPath: { path: '/' } }] });
  await machine.until(() => machine.events('FailedMount').length > 0);
  expect(machine.events('FailedMount')[0]).toContain('hostPath volumes are refused by the embedded cluster');
});

test('a volume that nothing mounts is let be', async () => {
  machine.run({ containers: [node('')], volumes: [{ name: 'files', configMap: { name: 'missing' } }] });
  expect(await finished()).toBe('Succeeded');
});

test('a claim keeps its files from pod to pod, until it is deleted', async () => {
  const volumes = [{ name: 'files', persistentVolumeClaim: { claimName: 'home' } }];
  machine.run(
    { containers: shell('echo kept > /home/user/file', '/home/user', { subPath: 'a/b' }), volumes },
    'writer',
  );
  await machine.until(() => machine.events('FailedScheduling').length > 0);
  expect(machine.events('FailedScheduling')).toEqual([
    '0/1 nodes are available: persistentvolumeclaim "home" not found. not found',
  ]);
  machine.client.create(PERSISTENT_VOLUME_CLAIMS, {
    metadata: { name: 'home', namespace: 'default' },
    spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
  });
  expect(await finished('writer')).toBe('Succeeded');
  machine.client.remove(PODS.type, machine.pod('writer'));
  machine.run({ containers: shell('cat /home/user/a/b/file', '/home/user'), volumes }, 'reader');
  expect(await finished('reader')).toBe('Succeeded');
  expect(await machine.logs({ pod: 'reader' })).toBe('kept\n');
  const file = join(machine.stateDir, 'volumes/default/home/a/b/file');
  expect(readFileSync(file, 'utf8')).toBe('kept\n');
  machine.client.remove(PERSISTENT_VOLUME_CLAIMS.type, machine.client.list(PERSISTENT_VOLUME_CLAIMS)[0]!);
  await machine.until(() => machine.client.list(PERSISTENT_VOLUMES).length === 0);
  expect(() => readFileSync(file)).toThrow('ENOENT');
});

test('a volume that outlives its claim is not the next claim of that name', async () => {
  const claim = {
    metadata: { name: 'home', namespace: 'default' },
    spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
  };
  const bound = async (count: number) =>
    machine.until(() => {
      const volumes = machine.client.list(PERSISTENT_VOLUMES);
      return volumes.filter(({ spec }) => spec.claimRef !== undefined).length === count && volumes;
    });
  machine.client.create(PERSISTENT_VOLUME_CLAIMS, claim);
  const [first] = await bound(1);
  machine.client.modify(PERSISTENT_VOLUMES, first!, (latest) => ({
    ...latest,
    spec: { ...latest.spec, persistentVolumeReclaimPolicy: 'Retain' },
  }));
  machine.client.remove(PERSISTENT_VOLUME_CLAIMS.type, machine.client.list(PERSISTENT_VOLUME_CLAIMS)[0]!);
  machine.client.create(PERSISTENT_VOLUME_CLAIMS, claim);

  const handles = (await bound(2)).map(({ spec }) => spec.csi?.volumeHandle);
  expect(handles).toContain('default/home');
  expect(new Set(handles).size).toBe(2);
});

test('a path never leads out of its volume', async () => {
  mkdirSync(join(machine.stateDir, 'secret'));
  machine.run({
    containers: shell('ls /x', '/x', { subPath: '../../..' }),
    volumes: [{ name: 'files', emptyDir: {} }],
  });
  const waiting = await machine.until(() => machine.pod().status?.containerStatuses?.[0]?.state?.waiting?.message);
  expect(waiting).toContain('failed to prepare subPath');
});

test('a program that looks for its files itself is told where they are', async () => {
  const volumes = [{ name: 'my-files', emptyDir: {} }];
  const volumeMounts = [{ name: 'my-files', mountPath: '/files' }];
  const container = node('console.log(process.env.HUB_FUNCTIONS_MOUNT_MY_FILES)', { volumeMounts });
  machine.run({ containers: [container], volumes });
  await finished();
  expect((await machine.logs()).trim()).toBe(
    join(machine.stateDir, 'pods', machine.pod().metadata.uid, 'volumes/my-files'),
  );
});
