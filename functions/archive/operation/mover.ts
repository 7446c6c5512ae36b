// The Job that moves data: what it mounts, what it is told, and the least it may do. Pure.
import type { KubeObject } from '../../../lib/kube/objects';
import { ANNOTATIONS, LABELS } from '../../../lib/labels';
import { ownedBy } from '../../../lib/manifests/ownership';
import { shortHash } from '../../../lib/naming';
import type { Subject } from '../archive';
import type { Place } from '../claims';
import type { ArchiveConfig } from '../configFile';
import type { MoverImage } from '../context';
import { keyName, labelsOf, MOVER_KIND, moverName, ofUser, tokenName } from '../names';
import type { Operation, Verb } from './operation';

export const MOVER_PORT = 8080;
const CONTAINER = 'mover';

export interface WantedMover {
  readonly subject: Subject;
  readonly operation: Operation;
  readonly namespace: string;
  readonly config: ArchiveConfig;
  readonly image: MoverImage;
  readonly place: Place;
  /** Of the password that opens the repository now. */
  readonly generation: number;
}

/** Root, without what makes root dangerous. It reads files of every owner, and makes files for every owner. */
const CAPABILITIES: Readonly<Record<Verb, readonly string[]>> = {
  backup: ['DAC_READ_SEARCH'],
  restore: ['CHOWN', 'DAC_OVERRIDE', 'FOWNER', 'FSETID'],
  drill: ['CHOWN', 'DAC_OVERRIDE', 'FOWNER', 'FSETID'],
  verify: [],
  serve: [],
  delete: [],
  rotate: [],
};

/** Exit codes of a mover that has said how it ended: nothing is gained by another try. */
const FINAL = [1, 2];
const TRIES_AFTER_KILL = 2;

export function moverManifest(wanted: WantedMover): KubeObject {
  const { subject, operation, namespace } = wanted;
  const { user } = subject.record;
  const labels = { ...labelsOf(MOVER_KIND, ofUser(user)), [LABELS.anchor]: subject.name };
  const job = {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: { name: moverName(user), labels, annotations: { [ANNOTATIONS.operationId]: operation.id } },
    spec: {
      backoffLimit: operation.verb === 'serve' ? 0 : TRIES_AFTER_KILL,
      podFailurePolicy: {
        rules: [
          // First, as a mover that its node sends away says that it failed.
          { action: 'Ignore', onPodConditions: [{ type: 'DisruptionTarget', status: 'True' }] },
          { action: 'FailJob', onExitCodes: { containerName: CONTAINER, operator: 'In', values: FINAL } },
        ],
      },
      template: { metadata: { labels }, spec: podSpec(wanted) },
    },
  };
  return ownedBy({ anchor: subject.object, labels: { [LABELS.anchorUid]: subject.uid }, namespace }, job);
}

function podSpec(wanted: WantedMover): object {
  const { config, place } = wanted;
  const {
    node_selector: nodeSelector,
    deadline_seconds: activeDeadlineSeconds,
    pull_secrets: pullSecrets,
  } = config.mover;
  const volumes = volumesOf(wanted);
  return {
    restartPolicy: 'Never',
    // The same for every mover of a repository, of which there is one at a time.
    hostname: moverName(wanted.subject.record.user),
    activeDeadlineSeconds,
    automountServiceAccountToken: false,
    enableServiceLinks: false,
    terminationGracePeriodSeconds: 60,
    ...(pullSecrets.length > 0 && { imagePullSecrets: pullSecrets.map((name) => ({ name })) }),
    ...(Object.keys(nodeSelector).length > 0 && { nodeSelector }),
    ...('node' in place && { affinity: onNode(place.node), tolerations: place.tolerations }),
    securityContext: { runAsUser: 0, runAsGroup: 0, seccompProfile: { type: 'RuntimeDefault' } },
    containers: [container(wanted, volumes)],
    volumes: volumes.map(({ volume }) => volume),
  };
}

/** By its name, so that the scheduler still looks whether there is room. */
function onNode(node: string): object {
  const term = { matchFields: [{ key: 'metadata.name', operator: 'In', values: [node] }] };
  return { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [term] } } };
}

function container(wanted: WantedMover, volumes: readonly Mounted[]): object {
  const { config, image, operation } = wanted;
  const { cpu, memory, memoryLimit } = config.mover.resources;
  return {
    name: CONTAINER,
    image: image.image,
    imagePullPolicy: 'IfNotPresent',
    ...(image.command.length > 0 && { command: image.command }),
    env: environment(wanted),
    resources: { requests: { cpu, memory }, limits: { memory: memoryLimit } },
    volumeMounts: volumes.map(({ mount }) => mount),
    ...(operation.verb === 'serve' && {
      ports: [{ containerPort: MOVER_PORT }],
      readinessProbe: { httpGet: { path: '/healthz', port: MOVER_PORT }, periodSeconds: 1 },
    }),
    securityContext: {
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'], ...added(CAPABILITIES[operation.verb]) },
    },
  };
}

function added(capabilities: readonly string[]): object {
  return capabilities.length > 0 ? { add: capabilities } : {};
}

function environment(wanted: WantedMover): readonly object[] {
  const { config, operation } = wanted;
  const plain = {
    MOVER_REQUEST: JSON.stringify(requestOf(wanted)),
    RESTIC_REPOSITORY: repositoryOf(wanted),
    RESTIC_CACHE_DIR: '/cache',
    TMPDIR: '/cache',
    MOVER_KEYS: '/keys',
    MOVER_SOURCE: '/source',
    MOVER_TARGET: '/target',
    MOVER_TERMINATION_LOG: '/dev/termination-log',
    ...('s3' in config.repository && { MOVER_AWAY_SECONDS: String(config.mover.away_seconds) }),
    ...(operation.verb === 'serve' && {
      PORT: String(MOVER_PORT),
      MOVER_IDLE_SECONDS: String(config.mover.idle_seconds),
    }),
  };
  const { repository } = config;
  const fromSecret = 'secret' in repository ? ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY'] : [];
  return [
    ...Object.entries(plain).map(([name, value]) => ({ name, value })),
    ...fromSecret.map((key) => ({
      name: key,
      valueFrom: { secretKeyRef: { name: 'secret' in repository ? repository.secret : '', key } },
    })),
  ];
}

function requestOf({ subject, operation }: WantedMover): object {
  const { verb, path, minFiles } = operation;
  const { user } = subject.record;
  // Nobody else works on this repository, so whoever left a lock under this name is gone.
  const common = { verb, user, deadHolders: [moverName(user)] };
  if (subject.kind === 'archive-repository') return { ...common, claim: 'none' };
  const { id, claim, snapshot, treeDigest, tags } = subject.record;
  return {
    ...common,
    claim,
    tags: { ...tags, archive: id },
    ...(snapshot !== undefined && { snapshot }),
    ...(treeDigest !== undefined && { treeDigest }),
    ...(minFiles !== undefined && { sourceExpected: { minFiles } }),
    ...(path !== undefined && { path }),
  };
}

function repositoryOf({ subject, config }: WantedMover): string {
  const folder = shortHash(subject.record.user);
  const { repository } = config;
  return 's3' in repository ? `s3:${repository.s3.replace(/\/+$/, '')}/${folder}` : `/repository/${folder}`;
}

interface Mounted {
  readonly volume: object;
  readonly mount: object;
}

function volumesOf({ subject, operation, config, generation }: WantedMover): readonly Mounted[] {
  const { user } = subject.record;
  const { repository } = config;
  const folder = shortHash(user);
  return [
    keysVolume({ operation, config, user, generation }),
    { volume: { name: 'cache', emptyDir: {} }, mount: { name: 'cache', mountPath: '/cache' } },
    ...('claim' in repository
      ? [claimVolume('repository', repository.claim, { mountPath: `/repository/${folder}`, subPath: folder })]
      : []),
    ...(operation.verb === 'backup' && subject.kind === 'archive'
      ? [claimVolume('source', subject.record.claim, { mountPath: '/source', readOnly: true })]
      : []),
    ...(operation.target === undefined
      ? []
      : [claimVolume('target', operation.target.claim, { mountPath: '/target' })]),
  ];
}

/** Read only where it is mounted, not as a volume: somebody else on the node may be writing to it. */
function claimVolume(name: string, claimName: string, mount: object): Mounted {
  return { volume: { name, persistentVolumeClaim: { claimName } }, mount: { name, ...mount } };
}

interface Keys extends Pick<WantedMover, 'operation' | 'config' | 'generation'> {
  readonly user: string;
}

function fileOf(name: string, key: string, path: string): object {
  return { secret: { name, items: [{ key, path }] } };
}

function keysVolume({ operation, config, user, generation }: Keys): Mounted {
  const sources = [
    fileOf(keyName(user, generation), 'password', 'password'),
    fileOf(config.escrow_secret, 'password', 'escrow'),
    ...(operation.verb === 'rotate' ? [fileOf(keyName(user, generation + 1), 'password', 'next')] : []),
    ...(operation.verb === 'serve' ? [fileOf(tokenName(operation.id), 'token', 'token')] : []),
  ];
  return {
    volume: { name: 'keys', projected: { defaultMode: 0o400, sources } },
    mount: { name: 'keys', mountPath: '/keys', readOnly: true },
  };
}
