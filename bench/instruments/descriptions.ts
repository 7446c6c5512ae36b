// The service descriptions that are started: from two objects to five, of the size that a notebook server's have.
import { stringify } from 'yaml';

/**
 * A start makes two objects beside those of the description: the anchor, a ConfigMap, and the Secret with the environment.
 * So `two` makes four in all: Secret, ConfigMap, Service, Deployment; `four` makes six.
 */
export const DESCRIPTIONS = {
  two: [service(), deployment(0)],
  three: [configMap('script'), service(), deployment(0)],
  four: [configMap('script'), configMap('settings'), service(), deployment(0)],
  five: [configMap('script'), configMap('settings'), configMap('themes'), service(), deployment(0)],
  running: [deployment(1)],
} as const;

export type DescriptionName = keyof typeof DESCRIPTIONS;

export function toYaml(name: DescriptionName): string {
  return DESCRIPTIONS[name].map((manifest) => stringify(manifest)).join('---\n');
}

function configMap(name: string): object {
  const line = 'c.ServerApp.some_setting = "a value of ordinary length"\n';
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: metadata(`${name}-<id>`), data: { [name]: line.repeat(20) } };
}

function service(): object {
  const spec = { selector: { name: '<id>' }, ports: [{ name: 'http', port: 8080 }] };
  return { apiVersion: 'v1', kind: 'Service', metadata: metadata('svc-<id>'), spec };
}

/** Without replicas no pod starts: what is timed is the API, not a machine that starts containers beside it. */
function deployment(replicas: number): object {
  const main = {
    name: 'main',
    image: 'dev.local/busybox:1',
    imagePullPolicy: 'IfNotPresent',
    command: ['sh', '-c', 'trap "exit 0" TERM; while :; do sleep 1 & wait $!; done'],
    envFrom: [{ secretRef: { name: '<secret_name>' } }],
    ports: [{ containerPort: 8080 }],
    resources: { requests: { cpu: '1m', memory: '8Mi' } },
  };
  const pod = { terminationGracePeriodSeconds: 1, automountServiceAccountToken: false, containers: [main] };
  const template = { metadata: { labels: { name: '<id>' } }, spec: pod };
  const spec = { replicas, selector: { matchLabels: { name: '<id>' } }, template };
  return { apiVersion: 'apps/v1', kind: 'Deployment', metadata: metadata('deployment-main-<id>'), spec };
}

function metadata(name: string): object {
  return { name, namespace: '<namespace>', labels: { app: 'bench' } };
}
