import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { neededFeatures } from '../../../bin/doctor/features';
import { readInstallation } from '../../../bin/doctor/installation';
import { grantedRights, secretRights, writingRights } from '../../../bin/doctor/rights';

const root = join(__dirname, '../../..');
const kindsOf = async (platform: 'knative' | 'openfaas' | 'deployment') =>
  [
    ...new Set((await readInstallation(platform, root)).map(({ apiVersion, kind }) => `${apiVersion}/${kind}`)),
  ].toSorted();

test('the installation on Knative is what deploy/knative says', async () => {
  expect(await kindsOf('knative')).toEqual([
    'batch/v1/Job',
    'eventing.knative.dev/v1/Broker',
    'eventing.knative.dev/v1/Trigger',
    'networking.k8s.io/v1/NetworkPolicy',
    'rbac.authorization.k8s.io/v1/Role',
    'rbac.authorization.k8s.io/v1/RoleBinding',
    'serving.knative.dev/v1/Service',
    'sources.knative.dev/v1/ApiServerSource',
    'sources.knative.dev/v1/PingSource',
    'v1/ConfigMap',
    'v1/PersistentVolumeClaim',
    'v1/ServiceAccount',
  ]);
});

test('each function has its Service in it', async () => {
  const services = (await readInstallation('knative', root)).filter(({ kind }) => kind === 'Service');
  expect(services.map(({ metadata }) => metadata?.name)).toEqual(
    expect.arrayContaining(readdirSync(join(root, 'functions')).map((name) => `hub-functions-${name}`)),
  );
});

test('without Knative there are Deployments, Services and CronJobs in place of its kinds', async () => {
  const kinds = await kindsOf('deployment');
  expect(kinds).toEqual(expect.arrayContaining(['apps/v1/Deployment', 'v1/Service', 'batch/v1/CronJob']));
  expect(kinds.filter((kind) => kind.includes('knative'))).toEqual([]);
});

test('on OpenFaaS kubectl makes roles and what movers need', async () => {
  expect(await kindsOf('openfaas')).toEqual([
    'networking.k8s.io/v1/NetworkPolicy',
    'rbac.authorization.k8s.io/v1/Role',
    'rbac.authorization.k8s.io/v1/RoleBinding',
    'v1/PersistentVolumeClaim',
  ]);
});

test('a folder that is no installation is told by its name', async () => {
  await expect(readInstallation('knative', '/nowhere')).rejects.toThrow('/nowhere/deploy/knative/kustomization.yaml');
});

test('who installs must hold what the roles grant, each right once', async () => {
  const rights = grantedRights(await readInstallation('knative', root), 'jhub');
  expect(rights).toContainEqual({ verb: 'get', group: '', resource: 'pods/log', namespace: 'jhub' });
  expect(rights).toContainEqual({
    verb: 'watch',
    group: '',
    resource: 'configmaps',
    name: 'hub-functions-log-handlers',
    namespace: 'jhub',
  });
  expect(new Set(rights.map((right) => JSON.stringify(right))).size).toBe(rights.length);
});

test('each kind is read and written under the name that the cluster has for it, and what it has no name for is not asked for', () => {
  const kinds = [
    { apiVersion: 'batch/v1', kind: 'Job', resource: 'jobs' },
    { apiVersion: 'serving.knative.dev/v1', kind: 'Service', resource: undefined },
  ];
  const asked = [...writingRights(kinds, 'jhub'), ...secretRights('openfaas-fn')];
  expect(asked.map(({ verb, group, resource, namespace }) => `${namespace}: ${verb} ${group}/${resource}`)).toEqual([
    'jhub: get batch/jobs',
    'jhub: create batch/jobs',
    'jhub: patch batch/jobs',
    'openfaas-fn: get /secrets',
    'openfaas-fn: create /secrets',
    'openfaas-fn: patch /secrets',
  ]);
});

const service = (spec: object) => ({
  apiVersion: 'serving.knative.dev/v1',
  kind: 'Service',
  spec: { template: { spec } },
});

test.each([
  ['nothing', { containers: [{ securityContext: { capabilities: { drop: ['ALL'] } } }] }, []],
  ['init containers', { initContainers: [] }, ['kubernetes.podspec-init-containers']],
  ['a folder', { volumes: [{ emptyDir: {} }] }, ['kubernetes.podspec-volumes-emptydir']],
  [
    'a claim',
    { volumes: [{ persistentVolumeClaim: { claimName: 'a' } }] },
    ['kubernetes.podspec-persistent-volume-claim', 'kubernetes.podspec-persistent-volume-write'],
  ],
  [
    'a claim that is only read',
    { volumes: [{ persistentVolumeClaim: { claimName: 'a', readOnly: true } }] },
    ['kubernetes.podspec-persistent-volume-claim'],
  ],
  [
    'fields of the pod',
    { containers: [{ env: [{ name: 'A', valueFrom: { fieldRef: {} } }] }] },
    ['kubernetes.podspec-fieldref'],
  ],
  [
    'a capability',
    { containers: [{ securityContext: { capabilities: { add: ['CHOWN'] } } }] },
    ['kubernetes.containerspec-addcapabilities'],
  ],
  ['two containers', { containers: [{}, {}] }, ['multi-container']],
])('a Service with %s needs its flags', (_what, spec, flags) => {
  expect(neededFeatures([service(spec)])).toEqual(flags);
});

test('the functions need no flag', async () => {
  expect(neededFeatures(await readInstallation('knative', root))).toEqual([]);
});
