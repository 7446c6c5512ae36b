// The objects of a user job: a pod with ssh that holds the tunnel, and a Service whose ports lead into it. Pure.
import type { KubeObject } from '../../lib/kube/objects';
import { LABELS } from '../../lib/labels';
import { hashedLabel } from '../../lib/naming';
import { ownedBy } from '../../lib/manifests/ownership';
import { RECORD_FILE, SOCKET_FOLDER, userJobLabels, type UserJob } from './record';

/** What a tunnel runs: the image of this function, which has ssh. */
export interface TunnelImage {
  readonly image: string;
  readonly pullPolicy: string | undefined;
  readonly pullSecrets: readonly unknown[] | undefined;
  /** The tunnel's program in it. */
  readonly program: string;
}

/** `nobody`: ssh wants a user that the image's /etc/passwd knows. */
const USER = 65_534;
/** Above those that only root may listen on; the Service leads there from the ports of the request. */
const FIRST_PORT = 20_000;
const STATE_PORT = 19_999;
/** Kubernetes waits five minutes before it gives a pod of a dead node up; a tunnel holds nothing that two could spoil. */
const NODE_GONE = ['not-ready', 'unreachable'].map((condition) => ({
  key: `node.kubernetes.io/${condition}`,
  operator: 'Exists',
  effect: 'NoExecute',
  tolerationSeconds: 30,
}));
const RECORD_FOLDER = '/etc/hub-functions/userjob';
const SSH_FOLDER = '/etc/hub-functions/ssh';
export const SSH_SECRET = 'hub-functions-ssh';
export const TUNNEL_ROLE = 'tunnel';

/** Selects the pods of one tunnel, and none of an earlier user job of its name. */
export function tunnelSelector(uid: string): string {
  return `${LABELS.anchorUid}=${uid},${LABELS.role}=${TUNNEL_ROLE}`;
}

export function serviceManifest(userJob: UserJob, namespace: string): KubeObject {
  const { service, ports } = userJob.record;
  return owned(userJob, namespace, {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: service, labels: { userjobs_servername: service } },
    spec: {
      selector: podLabels(userJob),
      // Who comes before the tunnel is open is refused either way, and who comes right after it is served at once.
      publishNotReadyAddresses: true,
      ports: ports.map(({ port }, index) => ({
        name: `port-${port}`,
        port,
        protocol: 'TCP',
        targetPort: FIRST_PORT + index,
      })),
    },
  });
}

export function deploymentManifest(userJob: UserJob, namespace: string, tunnel: TunnelImage): KubeObject {
  const labels = podLabels(userJob);
  return owned(userJob, namespace, {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    // That of an earlier user job of the name may still be on its way out.
    metadata: {
      name: hashedLabel(`tunnel-${userJob.record.service}`, [userJob.name, userJob.uid]),
      labels: { [LABELS.role]: TUNNEL_ROLE },
    },
    spec: {
      replicas: 1,
      revisionHistoryLimit: 0,
      // Never two that follow one job.
      strategy: { type: 'Recreate' },
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: podSpec(userJob, tunnel) },
    },
  });
}

function podSpec({ record, name }: UserJob, { image, pullPolicy, pullSecrets, program }: TunnelImage): object {
  const ports = record.ports.map((_, index) => FIRST_PORT + index);
  return {
    automountServiceAccountToken: false,
    enableServiceLinks: false,
    terminationGracePeriodSeconds: 5,
    tolerations: NODE_GONE,
    ...(pullSecrets !== undefined && { imagePullSecrets: pullSecrets }),
    securityContext: {
      runAsNonRoot: true,
      runAsUser: USER,
      runAsGroup: USER,
      fsGroup: USER,
      seccompProfile: { type: 'RuntimeDefault' },
    },
    containers: [
      {
        name: 'tunnel',
        image,
        ...(pullPolicy !== undefined && { imagePullPolicy: pullPolicy }),
        command: ['node', program],
        env: Object.entries({
          RECORD_FILE: `${RECORD_FOLDER}/${RECORD_FILE}`,
          SSH_DIRECTORY: SSH_FOLDER,
          STATE_PORT: String(STATE_PORT),
          TUNNEL_PORTS: ports.join(','),
        }).map(([key, value]) => ({ name: key, value })),
        ports: [STATE_PORT, ...ports].map((containerPort) => ({ containerPort })),
        readinessProbe: { httpGet: { path: '/', port: STATE_PORT }, periodSeconds: 1 },
        // Node and ssh: the limit is for what nobody expects.
        resources: { requests: { cpu: '10m', memory: '48Mi' }, limits: { memory: '128Mi' } },
        securityContext: {
          allowPrivilegeEscalation: false,
          readOnlyRootFilesystem: true,
          capabilities: { drop: ['ALL'] },
        },
        volumeMounts: [
          { name: 'userjob', mountPath: RECORD_FOLDER, readOnly: true },
          { name: 'ssh', mountPath: SSH_FOLDER, readOnly: true },
          { name: 'run', mountPath: SOCKET_FOLDER },
        ],
      },
    ],
    volumes: [
      { name: 'userjob', configMap: { name } },
      // What is missing the tunnel tells; fsGroup lets it read what is root's.
      { name: 'ssh', secret: { secretName: SSH_SECRET, optional: true, defaultMode: 0o400 } },
      { name: 'run', emptyDir: { medium: 'Memory', sizeLimit: '1Mi' } },
    ],
  };
}

function podLabels({ record, uid }: UserJob): Readonly<Record<string, string>> {
  return { ...userJobLabels(record), [LABELS.anchorUid]: uid, [LABELS.role]: TUNNEL_ROLE };
}

function owned({ object, record, uid }: UserJob, namespace: string, manifest: KubeObject): KubeObject {
  const labels = { ...userJobLabels(record), [LABELS.anchorUid]: uid };
  return ownedBy({ anchor: object, labels, namespace }, manifest);
}
