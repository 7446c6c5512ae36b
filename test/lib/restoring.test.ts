import type { KubeObject } from '../../lib/kube/objects';
import { asUnfilled, awaitedBy, gatesWithoutOurs, heldBack, isUnfilled } from '../../lib/restoring';

const podSpec = (...claims: readonly string[]) => ({
  containers: [],
  volumes: [
    { name: 'tmp', emptyDir: {} },
    ...claims.map((claimName) => ({ name: claimName, persistentVolumeClaim: { claimName } })),
  ],
});
const gate = { name: 'hub-functions/restore' };

test.each([
  ['Deployment', (spec: object) => ({ template: { metadata: { labels: { a: 'b' } }, spec } }), ['spec', 'template']],
  [
    'CronJob',
    (spec: object) => ({ jobTemplate: { spec: { template: { spec } } } }),
    ['spec', 'jobTemplate', 'spec', 'template'],
  ],
  ['Pod', (spec: object) => spec, []],
])('pods of a %s that have such a claim are held back', (kind, around, path) => {
  const manifest: KubeObject = { kind, metadata: { name: 'x' }, spec: around(podSpec('home', 'data')) };
  const held = heldBack(manifest, new Set(['home', 'other']));
  const pod = path.reduce<unknown>((value, step) => (value as Record<string, unknown>)[step], held) as KubeObject;
  expect(pod.metadata?.labels).toMatchObject({ 'hub-functions/restores': 'true' });
  expect(pod['spec']).toMatchObject({ schedulingGates: [gate], volumes: podSpec('home', 'data').volumes });
  expect(awaitedBy(pod)).toEqual(['home']);
  expect(held).toMatchObject({ kind, metadata: { name: 'x' } });
});

test('others begin at once', () => {
  const manifest: KubeObject = { kind: 'Pod', metadata: { name: 'x' }, spec: podSpec('data') };
  expect(heldBack(manifest, new Set(['home']))).toEqual(manifest);
  expect(heldBack({ kind: 'Secret' }, new Set(['home']))).toEqual({ kind: 'Secret' });
});

test('gates of others stay, before and after', () => {
  const queued = { name: 'kueue.x-k8s.io/admission' };
  const manifest: KubeObject = { kind: 'Pod', metadata: {}, spec: { ...podSpec('home'), schedulingGates: [queued] } };
  const held = heldBack(manifest, new Set(['home']));
  expect(held['spec']).toMatchObject({ schedulingGates: [queued, gate] });
  expect(gatesWithoutOurs(held)).toEqual([queued]);
  expect(awaitedBy({ ...held, spec: { schedulingGates: [queued] } })).toEqual([]);
  expect(awaitedBy({ ...held, metadata: { ...held.metadata, deletionTimestamp: 'now' } })).toEqual([]);
});

test('a claim to be filled keeps its labels, and is one until it is ready', () => {
  const claim = asUnfilled({ kind: 'PersistentVolumeClaim', metadata: { name: 'home', labels: { team: 'a' } } });
  expect(claim.metadata?.labels).toMatchObject({ team: 'a', 'hub-functions/ready': 'false' });
  expect(isUnfilled(claim)).toBe(true);
  const ready = { ...claim.metadata?.labels, 'hub-functions/ready': 'true' };
  expect(isUnfilled({ metadata: { ...claim.metadata, labels: ready } })).toBe(false);
  expect(isUnfilled({ metadata: { name: 'home' } })).toBe(false);
});
