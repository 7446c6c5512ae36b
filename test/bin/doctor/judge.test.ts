import type { Facts } from '../../../bin/doctor/facts';
import { judge } from '../../../bin/doctor/judge';
import { reportText } from '../../../bin/doctor/report';
import { forbidden, found, healthy, missing } from './facts';

const { serving, eventing } = healthy;
const claim = { verb: 'create', group: '', resource: 'persistentvolumeclaims', namespace: 'jhub' };
const gateway = (image: string, isAvailable = true) => found([{ name: 'gateway', image, isAvailable }]);

test.each(['knative', 'deployment'] as const)('a healthy cluster is ready for %s', (platform) => {
  const findings = judge({ ...healthy, platform });
  expect(findings.filter(({ outcome }) => outcome !== 'ok')).toEqual([]);
  expect(reportText(findings)).toMatch(/\nready\n$/);
});

test('without Knative nobody asks for it', () => {
  const none = { version: missing, workloads: missing, settings: missing };
  const findings = judge({ ...healthy, platform: 'deployment', serving: none, eventing: none, features: ['multi'] });
  expect(findings.filter(({ outcome }) => outcome !== 'ok')).toEqual([]);
});

type Row = readonly [title: string, change: Partial<Facts>, said: readonly [string, string, string, string]];

const TABLE: readonly Row[] = [
  ['too old', { kubernetes: found('v1.27.16') }, ['Kubernetes', 'fail', 'v1.27.16 is too old', '1.28 or newer']],
  ['oldest', { kubernetes: found('v1.28.0') }, ['Kubernetes', 'ok', 'v1.28.0', '']],
  ['newer', { kubernetes: found('v1.38.1') }, ['Kubernetes', 'warn', 'newer than 1.28 to 1.37', 'test cluster']],
  ['unreadable', { kubernetes: found('latest') }, ['Kubernetes', 'warn', 'cannot be read: latest', 'by hand']],
  ['no namespace', { namespaceLabels: missing }, ['namespace', 'fail', 'jhub does not exist', 'create namespace jhub']],
  [
    'pod security',
    { namespaceLabels: found({ 'pod-security.kubernetes.io/enforce': 'baseline' }) },
    ['namespace', 'warn', 'level baseline only', 'pod-security.kubernetes.io/enforce=privileged'],
  ],
  [
    'rights',
    { denied: [claim, { ...claim, verb: 'patch' }, { ...claim, group: 'eventing.knative.dev', resource: 'brokers' }] },
    [
      'rights',
      'fail',
      'may not create, patch persistentvolumeclaims; create brokers.eventing.knative.dev',
      'kubectl -n jhub create rolebinding',
    ],
  ],
  ['no classes', { storageClasses: found([]) }, ['storage', 'warn', 'no storage class', 'provisioner']],
  [
    'no default',
    { storageClasses: found([{ name: 'fast', isDefault: false, reclaimPolicy: 'Delete' }]) },
    ['storage', 'warn', 'none of fast is the default', 'kubectl patch storageclass'],
  ],
  [
    'retained',
    { storageClasses: found([{ name: 'kept', isDefault: true, reclaimPolicy: 'Retain' }]) },
    ['storage', 'ok', 'kept keeps volumes of deleted claims', ''],
  ],
  ['snapshots', { snapshotClasses: found(['csi']) }, ['snapshots', 'ok', 'csi', '']],
  [
    'nodes',
    { nodes: found(3) },
    ['shared claims', 'warn', 'archive-repository can be mounted on one', 'ReadWriteMany'],
  ],
  ['dead DNS', { dns: found([0]) }, ['DNS', 'fail', 'no ready endpoint', 'kubectl -n kube-system']],
  ['no DNS', { dns: found([]) }, ['DNS', 'warn', 'cannot be seen', 'nslookup']],
  ['no policies', { daemonSets: found(['kube-flannel']) }, ['network policies', 'warn', 'nothing was found', 'Calico']],
  [
    'K3s',
    { daemonSets: found([]), kubernetes: found('v1.34.9+k3s1') },
    ['network policies', 'ok', 'enforced by K3s', ''],
  ],
  ['ahead', { clockAheadSeconds: 31 }, ['clock', 'warn', '31 s ahead of the cluster', 'NTP']],
  ['behind', { clockAheadSeconds: -90 }, ['clock', 'warn', '90 s behind the cluster', 'NTP']],
  ['unknown time', { clockAheadSeconds: undefined }, ['clock', 'ok', 'does not tell', '']],
  [
    'no Serving',
    { kinds: [{ apiVersion: 'serving.knative.dev/v1', kind: 'Service', resource: undefined }] },
    ['Knative Serving', 'fail', 'serves no Service', '--platform deployment'],
  ],
  [
    'no sources',
    { kinds: [{ apiVersion: 'sources.knative.dev/v1', kind: 'PingSource', resource: undefined }] },
    ['Knative Eventing', 'fail', 'serves no PingSource', 'install Knative Eventing'],
  ],
  [
    'old Serving',
    { serving: { ...serving, version: found('v1.14.3') } },
    ['Knative Serving', 'fail', 'v1.14.3 is too old', '1.15 or newer'],
  ],
  [
    'unversioned',
    { serving: { ...serving, version: found('devel') } },
    ['Knative Serving', 'warn', 'does not tell its version: devel', '1.15 or newer'],
  ],
  [
    'stopped',
    { eventing: { ...eventing, workloads: found([{ name: 'imc-dispatcher', image: 'x', isAvailable: false }]) } },
    ['Knative Eventing', 'fail', 'imc-dispatcher is not available', 'kubectl -n knative-eventing describe'],
  ],
  [
    'flags',
    { features: ['kubernetes.podspec-fieldref', 'multi-container'] },
    ['Knative features', 'fail', 'needed: kubernetes.podspec-fieldref', '"kubernetes.podspec-fieldref":"enabled"'],
  ],
  [
    'flags off',
    { features: ['multi-container'], serving: { ...serving, settings: found({ 'multi-container': 'Disabled' }) } },
    ['Knative features', 'fail', 'needed: multi-container', 'config-features'],
  ],
  [
    'flags on',
    {
      features: ['kubernetes.podspec-fieldref'],
      serving: { ...serving, settings: found({ 'kubernetes.podspec-fieldref': 'allowed' }) },
    },
    ['Knative features', 'ok', 'kubernetes.podspec-fieldref', ''],
  ],
  [
    'no broker',
    { eventing: { ...eventing, workloads: found([]) } },
    ['broker', 'fail', 'no implementation', 'mt-channel-broker.yaml'],
  ],
  [
    'other broker',
    {
      eventing: { ...eventing, workloads: found([]), settings: found({ 'default-br-config': 'brokerClass: Kafka' }) },
    },
    ['broker', 'ok', 'of a class of your own', ''],
  ],
  [
    'no gateway',
    { platform: 'openfaas', openfaas: found([]) },
    ['OpenFaaS', 'fail', 'no gateway', 'https://docs.openfaas.com'],
  ],
  [
    'dead gateway',
    { platform: 'openfaas', openfaas: gateway('x', false) },
    ['OpenFaaS', 'fail', 'not available', 'describe deployment gateway'],
  ],
  [
    'Community Edition',
    { platform: 'openfaas', openfaas: gateway('ghcr.io/openfaas/gateway:0.27.12') },
    ['OpenFaaS', 'warn', 'nothing scales to zero', 'docs/openfaas.md'],
  ],
  [
    'paid edition',
    { platform: 'openfaas', openfaas: gateway('ghcr.io/openfaasltd/gateway:0.5.0') },
    ['OpenFaaS', 'ok', 'scales to zero', ''],
  ],
  [
    'no namespace for functions',
    { platform: 'openfaas', functionsNamespace: 'openfaas-fn', functionsLabels: missing },
    ['functions', 'fail', 'openfaas-fn, where', '--functions-namespace'],
  ],
  [
    'a namespace for functions that is hidden',
    { platform: 'openfaas', functionsNamespace: 'openfaas-fn', functionsLabels: forbidden },
    ['functions', 'warn', 'you may not look at namespace openfaas-fn', 'ask somebody'],
  ],
  [
    'functions in one namespace with what they start',
    { platform: 'openfaas' },
    ['functions', 'warn', 'both in jhub', 'docs/openfaas.md'],
  ],
  [
    'rights that are missing where functions live only',
    {
      platform: 'openfaas',
      functionsNamespace: 'openfaas-fn',
      denied: [{ ...claim, resource: 'secrets', namespace: 'openfaas-fn' }],
    },
    ['rights', 'fail', 'in namespace openfaas-fn you may not create secrets', ': kubectl -n openfaas-fn create'],
  ],
  [
    'no timers',
    { platform: 'openfaas', openfaas: gateway('x') },
    ['timers', 'fail', 'no cron-connector', 'install the chart'],
  ],
];

test.each(TABLE)('%s', (_title, change, [check, outcome, message, fix]) => {
  const finding = judge({ ...healthy, ...change }).find((each) => each.check === check);
  expect(finding?.outcome).toBe(outcome);
  expect(finding?.message).toContain(message);
  expect(finding?.fix ?? '').toContain(fix);
});

test('everything that is not right says what to do', () => {
  for (const [, change] of TABLE) {
    const findings = judge({ ...healthy, ...change });
    expect(findings.filter(({ outcome, fix }) => outcome !== 'ok' && fix === undefined)).toEqual([]);
  }
});

test('what may not be looked at is a warning: others may look', () => {
  const dark = { version: forbidden, workloads: forbidden, settings: forbidden };
  const hidden: Partial<Facts> = {
    namespaceLabels: forbidden,
    storageClasses: forbidden,
    nodes: forbidden,
    daemonSets: forbidden,
    dns: forbidden,
    serving: dark,
    eventing: dark,
    features: ['multi-container'],
  };
  const outcomes = judge({ ...healthy, ...hidden }).map(({ check, outcome }) => [check, outcome]);
  expect(outcomes).toEqual([
    ['Kubernetes', 'ok'],
    ['Knative Serving', 'warn'],
    ['Knative Eventing', 'warn'],
    ['Knative features', 'warn'],
    ['broker', 'warn'],
    ['namespace', 'warn'],
    ['rights', 'ok'],
    ['storage', 'warn'],
    ['snapshots', 'ok'],
    ['shared claims', 'warn'],
    ['DNS', 'warn'],
    ['network policies', 'warn'],
    ['clock', 'ok'],
  ]);
});

test('the report says how many to put right', () => {
  const findings = judge({ ...healthy, nodes: found(2), namespaceLabels: missing });
  expect(reportText(findings)).toContain('fail  namespace         jhub does not exist\n');
  expect(reportText(findings)).toContain('-> kubectl create namespace jhub\n');
  expect(reportText(findings)).toMatch(/\nnot ready: 1 to put right first, 1 to look at\n$/);
});
