// What an operator's values make of the chart.
import type { KubeObject } from '../../lib/kube/objects';
import { find, nameOf, render } from '../support/chart/helm';

interface Spec {
  readonly containers: readonly {
    readonly image: string;
    readonly imagePullPolicy?: string;
    readonly env?: readonly { readonly name: string; readonly value: string }[];
    readonly resources: unknown;
  }[];
  readonly volumes?: readonly { readonly name: string; readonly configMap?: object }[];
}

type Workload = KubeObject & {
  readonly spec: {
    readonly replicas?: number;
    readonly template: { readonly metadata: { readonly annotations?: Record<string, string> }; readonly spec: Spec };
  };
};

const DEPLOYMENT = { platform: 'deployment' };

function workload(objects: readonly KubeObject[], name: string, kind = 'Service'): Workload {
  return find(
    objects.filter(({ apiVersion }) => apiVersion !== 'v1'),
    `${kind}/hub-functions-${name}`,
  ) as Workload;
}

function environmentOf({ spec }: Workload): Record<string, string> {
  return Object.fromEntries((spec.template.spec.containers[0]?.env ?? []).map(({ name, value }) => [name, value]));
}

/** On Knative their names end in a hash of what is in them. */
function filesOf(objects: readonly KubeObject[], name: string): Record<string, string> {
  const map = objects.find((object) => nameOf(object).startsWith(`ConfigMap/hub-functions-${name}-`));
  return (map as (KubeObject & { data: Record<string, string> }) | undefined)?.data ?? {};
}

const configOf = (objects: readonly KubeObject[]): unknown =>
  JSON.parse(filesOf(objects, 'config')['config.json'] ?? '');

const annotationsOf = ({ spec }: Workload): Record<string, string> => spec.template.metadata.annotations ?? {};

describe('config', () => {
  it('is laid over the sample, key by key, and false is an answer', async () => {
    const config = { reaper: { dry_run: false }, services: { status_information: { container_logs_lines: 3 } } };
    expect(configOf(await render({ config }))).toMatchObject({
      reaper: { dry_run: false },
      jobs: { defaults: { image: 'busybox:1.37' } },
      services: { status_information: { container_logs_lines: 3 }, descriptions: '/etc/hub-functions/descriptions' },
    });
  });

  it.each([
    ['knative', 'Service'],
    ['deployment', 'Deployment'],
  ])('another one makes pods anew, of those functions alone that read it: %s', async (platform, kind) => {
    const values = [{ platform }, { platform, config: { reaper: { dry_run: false } } }];
    const [before = [], after = []] = await Promise.all(values.map(async (each) => render(each)));
    const template = (objects: readonly KubeObject[], name: string): unknown =>
      workload(objects, name, kind).spec.template;

    expect(template(after, 'jobs')).not.toEqual(template(before, 'jobs'));
    expect(template(after, 'stages')).toEqual(template(before, 'stages'));
  });

  it('a claim that is there is told to the archive function, unless config says otherwise', async () => {
    const archive = { repository: { existingClaim: 'old' } };
    const own = { archive: { repository: { s3: 'https://host/bucket', secret: 's3' } } };

    const objects = await render({ archive });
    expect(configOf(objects)).toMatchObject({ archive: { repository: { claim: 'old' } } });
    expect(objects.map(nameOf)).not.toContain('PersistentVolumeClaim/archive-repository');
    expect(configOf(await render({ archive, config: own }))).toMatchObject(own);
  });

  it.each([
    ['on S3', { s3: 'https://host/bucket', secret: 's3' }],
    ['on another claim', { claim: 'nfs' }],
  ])('with a repository %s no claim is made', async (_, repository) => {
    const config = { archive: { repository } };
    expect((await render({ config })).map(nameOf)).not.toContain('PersistentVolumeClaim/archive-repository');
  });
});

it('descriptions take the place of the samples, each where it belongs', async () => {
  const objects = await render({ descriptions: { 'hub/lab/service.yaml': 'a: 1', 'hub/lab/input/run.sh': 'true' } });

  const data = filesOf(objects, 'descriptions');
  expect(data).toEqual({ 'hub__lab__service.yaml': 'a: 1', 'hub__lab__input__run.sh': 'true' });
  const { volumes = [] } = workload(objects, 'services').spec.template.spec;
  expect(volumes.find(({ name }) => name === 'descriptions')?.configMap).toMatchObject({
    items: [
      { key: 'hub__lab__input__run.sh', path: 'hub/lab/input/run.sh' },
      { key: 'hub__lab__service.yaml', path: 'hub/lab/service.yaml' },
    ],
  });
});

const PULLED = { prefix: 'registry.example.org/x', tag: '9', pullPolicy: 'Always', pullSecrets: ['login'] };

it('images are named by prefix and tag, the mover among them', async () => {
  const archive = workload(await render({ image: PULLED }), 'archive');

  expect(archive.spec.template.spec).toMatchObject({
    containers: [{ image: 'registry.example.org/x-archive:9', imagePullPolicy: 'Always' }],
    imagePullSecrets: [{ name: 'login' }],
  });
  expect(environmentOf(archive)).toMatchObject({ MOVER_IMAGE: 'registry.example.org/x-mover:9' });
});

it('movers pull with the same Secrets, unless config says otherwise', async () => {
  const config = { archive: { mover: { pull_secrets: [] }, at_once: 2 } };
  expect(configOf(await render({ image: PULLED }))).toMatchObject({ archive: { mover: { pull_secrets: ['login'] } } });
  expect(configOf(await render({ image: PULLED, config }))).toMatchObject(config);
});

it('as many instances may run as shall run when nobody calls', async () => {
  const functions = { services: { minInstances: 8, maxInstances: 5 }, logs: { minInstances: 9 } };
  const objects = await render({ functions });
  const scale = (name: string): readonly unknown[] =>
    ['min', 'max'].map((which) => annotationsOf(workload(objects, name))[`autoscaling.knative.dev/${which}-scale`]);

  expect(scale('services')).toEqual(['8', '8']);
  expect(scale('logs')).toEqual(['9', '9']);
  expect(scale('jobs')).toEqual(['0', '5']);
});

it('what is said of one function stands over what is said of all, and both over its own', async () => {
  const objects = await render({
    env: { LOG_LEVEL: 'warn', REQUEST_TIMEOUT_SECONDS: '60' },
    resources: { requests: { cpu: '1m' } },
    functions: {
      reaper: { env: { LOG_LEVEL: 'debug' }, resources: { limits: { memory: '1Gi' } }, schedule: '0 * * * *' },
      jobs: { minInstances: 1, maxInstances: 9, external: true },
    },
  });

  const reaper = workload(objects, 'reaper');
  expect(environmentOf(reaper)).toMatchObject({ LOG_LEVEL: 'debug', REQUEST_TIMEOUT_SECONDS: '60' });
  const wanted = { requests: { cpu: '1m', memory: '96Mi' }, limits: { memory: '1Gi' } };
  expect(reaper.spec.template.spec.containers[0]?.resources).toEqual(wanted);
  expect(environmentOf(workload(objects, 'jobs'))).toMatchObject({ LOG_LEVEL: 'warn' });
  expect(annotationsOf(workload(objects, 'jobs'))).toMatchObject({
    'autoscaling.knative.dev/min-scale': '1',
    'autoscaling.knative.dev/max-scale': '9',
  });
  const visibility = 'networking.knative.dev/visibility';
  expect(workload(objects, 'jobs').metadata?.labels).not.toHaveProperty([visibility]);
  expect(workload(objects, 'logs').metadata?.labels).toHaveProperty([visibility], 'cluster-local');
  expect(find(objects, 'PingSource/hub-functions-reaper')['spec']).toMatchObject({ schedule: '0 * * * *' });
  expect(find(objects, 'PingSource/hub-functions-stages')['spec']).toMatchObject({ schedule: '* * * * *' });
});

it.each(['knative', 'deployment', 'openfaas'])(
  'a function that is not wanted leaves nothing on %s',
  async (platform) => {
    const functions = { archive: { enabled: false }, userjobs: { enabled: false }, deadletters: { enabled: false } };
    const objects = await render({ platform, functions, archive: { releaseClaims: true } });

    // The roles that others have may name no function of these either.
    const text = JSON.stringify(objects.filter(({ kind }) => kind !== 'ConfigMap'));
    expect(text).not.toMatch(/hub-functions-(archive|userjobs|deadletters)"/);
    expect(text).toContain('hub-functions-jobs');
  },
);

describe('deployment', () => {
  it('has a Deployment and a Service for each function, and a CronJob for each timer', async () => {
    const objects = await render(DEPLOYMENT);
    const named = (kind: string): readonly string[] =>
      objects.filter((object) => object.kind === kind).map(({ metadata }) => metadata?.name ?? '');

    const functions = ['archive', 'intake', 'jobs', 'logs', 'reaper', 'services', 'stages', 'status', 'userjobs'];
    expect(named('Deployment').toSorted()).toEqual(functions.map((name) => `hub-functions-${name}`));
    expect(named('Service').toSorted()).toEqual(named('Deployment').toSorted());
    const timed = ['archive', 'intake', 'reaper', 'stages', 'status', 'userjobs'];
    expect(named('CronJob').toSorted()).toEqual(timed.map((name) => `hub-functions-${name}`));
    expect(objects.filter(({ apiVersion = '' }) => apiVersion.includes('knative'))).toEqual([]);
  });

  it('rolls out without a gap, and lets a pod go only when others serve', async () => {
    const objects = await render({ ...DEPLOYMENT, functions: { services: { minInstances: 2 } } });
    const services = workload(objects, 'services', 'Deployment');

    expect(services.spec).toMatchObject({
      replicas: 2,
      strategy: { rollingUpdate: { maxUnavailable: 0, maxSurge: 1 } },
    });
    expect(environmentOf(services)).toMatchObject({ DRAIN_GRACE_SECONDS: '5' });
    const budgets = objects.filter(({ kind }) => kind === 'PodDisruptionBudget');
    expect(budgets.map(nameOf)).toEqual(['PodDisruptionBudget/hub-functions-services']);
  });

  it('what selects pods does not change with the version or the release', async () => {
    const [object] = [workload(await render(DEPLOYMENT), 'services', 'Deployment')];
    const labels = { 'app.kubernetes.io/name': 'hub-functions', 'app.kubernetes.io/component': 'services' };
    expect(object.spec).toMatchObject({ selector: { matchLabels: labels } });
    expect((object.spec as unknown as { selector: object }).selector).toEqual({ matchLabels: labels });
  });

  it('movers are reached by the pods of the archive function', async () => {
    const policy = find(await render(DEPLOYMENT), 'NetworkPolicy/hub-functions-archive-movers');
    const matchLabels = { 'app.kubernetes.io/name': 'hub-functions', 'app.kubernetes.io/component': 'archive' };
    expect(policy['spec']).toMatchObject({ ingress: [{ from: [{ podSelector: { matchLabels } }] }] });
  });

  it('one ingress leads to all functions that people and hubs call', async () => {
    const ingress = { enabled: true, host: 'functions.example.org', className: 'nginx', tlsSecret: 'certificate' };
    expect(find(await render({ ...DEPLOYMENT, ingress }), 'Ingress/hub-functions')['spec']).toMatchObject({
      ingressClassName: 'nginx',
      tls: [{ hosts: ['functions.example.org'], secretName: 'certificate' }],
      rules: [{ host: 'functions.example.org' }],
    });
    expect((await render(DEPLOYMENT)).map(({ kind }) => kind)).not.toContain('Ingress');
  });
});

describe('openfaas', () => {
  it('gives the default account of the namespace all rights, where functions have no accounts of their own', async () => {
    const objects = await render({ platform: 'openfaas' });
    const kinds = new Set(objects.map(({ kind }) => kind));

    expect([...kinds].toSorted((one = '', other = '') => one.localeCompare(other))).toEqual([
      'NetworkPolicy',
      'PersistentVolumeClaim',
      'Role',
      'RoleBinding',
      'Secret',
    ]);
    const bindings = objects.filter(({ kind }) => kind === 'RoleBinding');
    expect(bindings).toHaveLength(10);
    const account = { kind: 'ServiceAccount', name: 'default', namespace: 'openfaas-fn' };
    for (const { subjects } of bindings) expect(subjects).toEqual([account]);
  });

  it('keeps them apart where it can', async () => {
    const openfaas = { serviceAccounts: true, namespace: 'functions' };
    const objects = await render({ platform: 'openfaas', openfaas });
    const { subjects } = find(objects, 'RoleBinding/hub-functions-jobs');
    expect(subjects).toEqual([{ kind: 'ServiceAccount', name: 'hub-functions-jobs', namespace: 'functions' }]);
    expect(find(objects, 'ServiceAccount/hub-functions-jobs').metadata).toMatchObject({ namespace: 'functions' });
  });

  it('brings files as Secrets beside the functions, all in one folder', async () => {
    const objects = await render({ platform: 'openfaas', config: { reaper: { dry_run: false } } });
    const secretFiles = (name: string): Record<string, string> => {
      const { metadata, data } = find(objects, `Secret/${name}`) as KubeObject & { data: Record<string, string> };
      expect(metadata).toMatchObject({ namespace: 'openfaas-fn' });
      return Object.fromEntries(
        Object.entries(data).map(([key, text]) => [key, Buffer.from(text, 'base64').toString('utf8')]),
      );
    };

    const config = secretFiles('hub-functions-config');
    expect(Object.keys(config)).toEqual(['config.json']);
    expect(JSON.parse(config['config.json'] ?? '')).toMatchObject({ reaper: { dry_run: false } });
    const names = ['jupyterhub__hello__service.yaml', 'jupyterhub__hello__input__server.js', 'submission__set.yaml'];
    expect(Object.keys(secretFiles('hub-functions-descriptions'))).toEqual(expect.arrayContaining(names));
  });
});

function uninstallCommand(objects: readonly KubeObject[]): unknown {
  return JSON.stringify(find(objects, 'Job/hub-functions-uninstall')).match(/"command":\[(.*?)\]/)?.[1];
}

describe('uninstalling', () => {
  it('has nothing that removes anything, and keeps the claim of archives', async () => {
    const objects = await render();
    expect(JSON.stringify(objects)).not.toContain('post-delete');
    const { metadata } = find(objects, 'PersistentVolumeClaim/archive-repository');
    expect(metadata?.annotations).toEqual({
      'helm.sh/hook': 'pre-install,pre-upgrade',
      'helm.sh/hook-delete-policy': 'hook-failed',
    });
  });

  it('removes everything when it is told to, but no claim that was there before', async () => {
    const uninstall = { removeEverything: true };
    expect(uninstallCommand(await render({ uninstall }))).toContain('PersistentVolumeClaim/archive-repository');
    expect(uninstallCommand(await render({ uninstall, archive: { repository: { existingClaim: 'old' } } }))).toMatch(
      /everything\/index\.js","Secret\/hub-functions-credentials"$/,
    );
  });
});

it('releasing claims is granted to the archive function of this namespace alone', async () => {
  const objects = await render({ archive: { releaseClaims: true } });
  const name = 'hub-functions-archive-volumes-jhub';
  expect(find(objects, `ClusterRoleBinding/${name}`)).toMatchObject({
    roleRef: { kind: 'ClusterRole', name },
    subjects: [{ kind: 'ServiceAccount', name: 'hub-functions-archive', namespace: 'jhub' }],
  });
});
