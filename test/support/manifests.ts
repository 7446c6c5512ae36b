// Builds service descriptions for tests: plain objects, written as YAML that holds JSON.

export type Manifest = Readonly<Record<string, unknown>>;

export interface MainDeployment {
  readonly command?: readonly string[];
  readonly image?: string;
  /** Merged into the container. */
  readonly container?: object;
  /** Merged into the pod's spec. */
  readonly pod?: object;
  readonly name?: string;
}

export const BUSYBOX = 'dev.local/busybox:1';

/** What runs until it is told to stop; `exec` so that the signal arrives. */
export const SLEEP = ['sh', '-c', 'trap "exit 0" TERM; while :; do sleep 1 & wait $!; done'];

export function mainDeployment({
  command = SLEEP,
  image = BUSYBOX,
  container,
  pod,
  name,
}: MainDeployment = {}): Manifest {
  const main = {
    name: 'main',
    image,
    imagePullPolicy: 'IfNotPresent',
    command,
    envFrom: [{ secretRef: { name: '<secret_name>' } }],
    ...container,
  };
  const spec = { terminationGracePeriodSeconds: 1, automountServiceAccountToken: false, containers: [main], ...pod };
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: name ?? 'deployment-main-<id>', namespace: '<namespace>', labels: { app: 'test' } },
    spec: {
      replicas: 1,
      selector: { matchLabels: { name: '<id>' } },
      template: { metadata: { labels: { name: '<id>' } }, spec },
    },
  };
}

export function configMap(name: string, data: Readonly<Record<string, unknown>>): Manifest {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace: '<namespace>' }, data };
}

export function service(name = 'svc-<id>'): Manifest {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name, namespace: '<namespace>' },
    spec: { selector: { name: '<id>' }, ports: [{ name: 'http', port: 8080 }] },
  };
}

/** Kinds that the original left behind at stop. */
export function everyKind(): readonly Manifest[] {
  const pod = { containers: [{ name: 'extra', image: BUSYBOX, imagePullPolicy: 'IfNotPresent', command: SLEEP }] };
  const template = {
    metadata: { labels: { extra: '<id>' } },
    spec: { ...pod, terminationGracePeriodSeconds: 1, automountServiceAccountToken: false },
  };
  const selector = { matchLabels: { extra: '<id>' } };
  const rules = [{ http: { paths: [{ path: '/', pathType: 'Prefix', backend: backend() }] } }];
  const claim = { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Mi' } } };
  return [
    object('v1', 'PersistentVolumeClaim', claim),
    object('networking.k8s.io/v1', 'Ingress', { rules }),
    object('networking.k8s.io/v1', 'NetworkPolicy', { podSelector: selector }),
    object('policy/v1', 'PodDisruptionBudget', { selector, maxUnavailable: 1 }),
    object('apps/v1', 'StatefulSet', { selector, serviceName: 'svc-<id>', template }),
    object('batch/v1', 'Job', { template: { ...template, spec: { ...template.spec, restartPolicy: 'Never' } } }),
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'extra-<id>' } },
    { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'extra-<id>' }, stringData: { key: 'value' } },
  ];
}

/** One document each; strings become double-quoted scalars. */
export function yaml(...manifests: readonly Manifest[]): string {
  return manifests.map((manifest) => JSON.stringify(manifest, null, 2)).join('\n---\n');
}

function object(apiVersion: string, kind: string, spec: object): Manifest {
  return { apiVersion, kind, metadata: { name: 'extra-<id>', namespace: '<namespace>' }, spec };
}

function backend(): object {
  return { service: { name: 'svc-<id>', port: { number: 8080 } } };
}
