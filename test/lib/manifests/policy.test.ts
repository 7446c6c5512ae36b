import type { KubeObject } from '../../../lib/kube/objects';
import { checkManifests } from '../../../lib/manifests/policy';

const policy = {
  namespace: 'hub',
  allowedKinds: ['ConfigMap', 'Deployment', 'Pod', 'CronJob', 'PersistentVolumeClaim'],
  allowPrivileged: false,
};
const check = (manifest: KubeObject, changes = {}): void => {
  checkManifests([{ manifest, place: { file: 'service.yaml', document: 1 } }], { ...policy, ...changes });
};
const deployment = (spec: object): KubeObject => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'a' },
  spec: { template: { spec } },
});

test('allowed kinds of the own namespace pass', () => {
  expect(() => check({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a', namespace: 'hub' } })).not.toThrow();
  const pod = deployment({ containers: [{ name: 'main' }], volumes: [{ name: 'v', emptyDir: {} }] });
  expect(() => check(pod)).not.toThrow();
});

test.each<[string, KubeObject]>([
  ['apiVersion: is missing', { kind: 'ConfigMap', metadata: { name: 'a' } }],
  ['kind: is missing', { apiVersion: 'v1', metadata: { name: 'a' } }],
  ['kind: kind Namespace of v1 is not allowed', { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'a' } }],
  ['kind: kind Secret of v1 is not allowed', { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'a' } }],
  ['kind: kind Widget of example.com/v1', { apiVersion: 'example.com/v1', kind: 'Widget', metadata: { name: 'a' } }],
  ['metadata.name: is missing', { apiVersion: 'v1', kind: 'ConfigMap' }],
  ['metadata.name: "A/b" is not a valid name', { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'A/b' } }],
  [
    'metadata.namespace: namespace "kube-system" is not allowed',
    { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a', namespace: 'kube-system' } },
  ],
  ['spec.template.spec.hostNetwork: gives the pod', deployment({ hostNetwork: true })],
  ['spec.template.spec.volumes[0].hostPath', deployment({ volumes: [{ hostPath: { path: '/' } }] })],
  [
    'spec.template.spec.initContainers[0].securityContext.privileged',
    deployment({ initContainers: [{ securityContext: { privileged: true } }] }),
  ],
])('refused: %s', (problem, manifest) => {
  expect(() => check(manifest)).toThrow(`service.yaml, document 1, ${problem}`);
});

test('the operator may allow privileged pods', () => {
  expect(() => check(deployment({ hostPID: true }), { allowPrivileged: true })).not.toThrow();
});

const restoring = (kind: string, value: unknown, spec: object = {}): KubeObject => ({
  apiVersion: 'v1',
  kind,
  metadata: { name: 'home', annotations: { 'hub-functions/restore': value as string } },
  spec,
});

test('a claim may ask to be filled from the latest archive, and from nothing else', () => {
  const at = 'service.yaml, document 1, metadata.annotations["hub-functions/restore"]:';
  expect(() => check(restoring('PersistentVolumeClaim', 'latest'))).not.toThrow();
  expect(() => check(restoring('PersistentVolumeClaim', 'newest'))).toThrow(
    `${at} is "newest"; the one value it may have is "latest"`,
  );
  expect(() => check(restoring('PersistentVolumeClaim', true))).toThrow(`${at} is true; the one value`);
  expect(() => check(restoring('ConfigMap', 'latest'))).toThrow(`${at} has a meaning on PersistentVolumeClaims only`);
  expect(() => check(restoring('PersistentVolumeClaim', 'latest', { volumeMode: 'Block' }))).toThrow(
    'spec.volumeMode: is Block, and archives hold files',
  );
});
