// What each service account may do, and that it may do nothing else: asked of the cluster, verb by verb.
import { readdirSync } from 'node:fs';
import { DOCUMENT_NAME } from '../../lib/logHandlers/document';
import { eventually } from '../support/eventually';
import { openKubeconfigCluster } from '../support/kubeconfigCluster';
import { kubectlIn } from '../support/knative/kubectl';
import type { TestCluster } from '../support/testCluster';

const VERBS = ['get', 'list', 'watch', 'create', 'update', 'patch', 'delete', 'deletecollection'] as const;

/** Everything that somebody may want there; `group/plural/subresource`. */
const RESOURCES = [
  'configmaps',
  'endpoints',
  'events',
  'namespaces',
  'nodes',
  'persistentvolumeclaims',
  'persistentvolumes',
  'pods',
  'pods/attach',
  'pods/eviction',
  'pods/exec',
  'pods/log',
  'pods/portforward',
  'resourcequotas',
  'secrets',
  'serviceaccounts',
  'serviceaccounts/token',
  'services',
  'apps/daemonsets',
  'apps/deployments',
  'apps/deployments/scale',
  'apps/replicasets',
  'apps/statefulsets',
  'batch/cronjobs',
  'batch/jobs',
  'networking.k8s.io/ingresses',
  'networking.k8s.io/networkpolicies',
  'policy/poddisruptionbudgets',
  'rbac.authorization.k8s.io/clusterrolebindings',
  'rbac.authorization.k8s.io/rolebindings',
  'rbac.authorization.k8s.io/roles',
  'apiextensions.k8s.io/customresourcedefinitions',
  'eventing.knative.dev/triggers',
  'serving.knative.dev/services',
] as const;

type Table = Readonly<Partial<Record<(typeof RESOURCES)[number], string>>>;

const MADE = 'get create patch';

/** What the work of each needs, and all that it is given. */
const ALLOWED: Readonly<Record<string, Table>> = {
  archive: {
    configmaps: 'get list create patch delete',
    events: 'create',
    persistentvolumeclaims: 'get list create patch delete',
    pods: 'list patch',
    'pods/log': 'get',
    secrets: 'create',
    'batch/jobs': 'get list create delete',
  },
  deadletters: { configmaps: 'list create delete', secrets: 'create' },
  // It asks the jobs function, and has no rights of its own.
  intake: {},
  jobs: {
    configmaps: 'get list create patch',
    events: 'list',
    persistentvolumeclaims: 'get create',
    pods: 'list watch patch',
    'pods/log': 'get',
    secrets: 'create',
    'batch/jobs': 'get list watch create patch',
    'networking.k8s.io/networkpolicies': 'get create',
  },
  logs: { configmaps: 'create', pods: 'list', 'pods/log': 'get' },
  reaper: {
    configmaps: 'get list create patch delete',
    pods: 'list patch delete',
    'pods/log': 'get',
    secrets: 'list delete',
    services: 'list delete',
    'apps/deployments': 'list delete',
    'batch/jobs': 'get list patch delete',
  },
  services: {
    configmaps: 'get list watch create patch delete deletecollection',
    events: 'list',
    persistentvolumeclaims: MADE,
    pods: 'get list watch create patch',
    'pods/log': 'get',
    secrets: MADE,
    serviceaccounts: MADE,
    services: MADE,
    'apps/daemonsets': MADE,
    'apps/deployments': MADE,
    'apps/statefulsets': MADE,
    'batch/cronjobs': MADE,
    'batch/jobs': MADE,
    'networking.k8s.io/ingresses': MADE,
    'networking.k8s.io/networkpolicies': MADE,
    'policy/poddisruptionbudgets': MADE,
  },
  stages: { configmaps: 'get list patch', pods: 'list patch', 'batch/jobs': 'get list create patch' },
  status: {
    configmaps: 'get list create patch delete',
    events: 'list',
    pods: 'get list',
    'pods/log': 'get',
    secrets: 'get',
    'apps/deployments': 'get',
    'apps/replicasets': 'get',
    'batch/jobs': 'get',
  },
  userjobs: {
    configmaps: 'get list create patch delete',
    pods: 'get list',
    'pods/log': 'get',
    services: 'get create',
    'apps/deployments': 'list create',
  },
};

let cluster: TestCluster;

beforeAll(async () => {
  cluster = await openKubeconfigCluster();
  await kubectlIn(cluster.namespace)(['apply', '--kustomize', 'rbac']);
  // The API server decides from a copy, which comes a moment later.
  await eventually(async () => {
    const last = await Promise.all(
      Object.keys(ALLOWED).map(async (account) => mayDo(account, cluster.namespace, ['list', 'configmaps'])),
    );
    return last.includes(true) ? true : undefined;
  });
});

afterAll(async () => {
  await cluster?.close();
});

/** What `kubectl auth can-i --as` asks. */
async function mayDo(
  account: string,
  namespace: string,
  [verb, path, name]: readonly [verb: string, path: string, name?: string],
): Promise<boolean> {
  const parts = path.split('/');
  const group =
    parts[0]?.includes('.') || ['apps', 'batch', 'policy'].includes(parts[0] ?? '') ? (parts.shift() ?? '') : '';
  const [resource, subresource] = parts;
  const resourceAttributes = { namespace, verb, group, resource, subresource, name };
  const user = `system:serviceaccount:${cluster.namespace}:hub-functions-${account}`;
  const review = {
    apiVersion: 'authorization.k8s.io/v1',
    kind: 'SubjectAccessReview',
    spec: { user, resourceAttributes },
  };
  const { body } = await cluster.kube.send('POST', '/apis/authorization.k8s.io/v1/subjectaccessreviews', review);
  return (body as { readonly status?: { readonly allowed?: boolean } }).status?.allowed ?? false;
}

async function tableOf(account: string, namespace: string): Promise<Table> {
  const rows = await Promise.all(
    RESOURCES.map(async (resource) => {
      const answers = await Promise.all(VERBS.map(async (verb) => mayDo(account, namespace, [verb, resource])));
      return [resource, VERBS.filter((_, index) => answers[index]).join(' ')] as const;
    }),
  );
  return Object.fromEntries(rows.filter(([, verbs]) => verbs !== ''));
}

test('the table tells of each account that there is', () => {
  const accounts = readdirSync('rbac').filter((file) => file !== 'kustomization.yaml');
  expect(Object.keys(ALLOWED).map((name) => `${name}.yaml`)).toEqual(accounts);
});

describe.each(Object.keys(ALLOWED))('%s', (account) => {
  it('may do its work, and nothing else', async () => {
    expect(await tableOf(account, cluster.namespace)).toEqual(ALLOWED[account]);
  });

  it('may follow the log handlers, and change no more of them than of any other ConfigMap, unless it is logs', async () => {
    const allowed = await Promise.all(
      VERBS.map(async (verb) => mayDo(account, cluster.namespace, [verb, 'configmaps', DOCUMENT_NAME])),
    );
    const verbs = VERBS.filter((_, index) => allowed[index]);
    const everywhere = (ALLOWED[account]?.configmaps ?? '').split(' ');
    const own = account === 'logs' ? ['get', 'patch'] : [];
    expect(verbs).toEqual(VERBS.filter((verb) => ['list', 'watch', ...own, ...everywhere].includes(verb)));
  });

  it('may do nothing in another namespace', async () => {
    expect(await tableOf(account, 'kube-system')).toEqual({});
  });
});
