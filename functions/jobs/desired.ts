// The Job, from what was asked for and what the operator allows. Pure.
import type { KubeObject } from '../../lib/kube/objects';
import { ANNOTATIONS, LABELS } from '../../lib/labels';
import { jobLabels, type BelongingNames } from '../../lib/jobs/names';
import { shortHash } from '../../lib/naming';
import type { Chosen } from './chosen';
import type { JobRequest } from './schema';

export interface Wanted {
  readonly id: string;
  readonly namespace: string;
  readonly credential: string;
  readonly request: JobRequest;
  readonly chosen: Chosen;
  /** Of the request: tells a repeat from another request under the same key. */
  readonly digest: string;
  /** Of its Secret and files, if this Job is made; one that is there already has names of its own. */
  readonly names: BelongingNames;
  /** It is no job of its own, and what belongs to it is made before it, by the anchor of its set. */
  readonly stageLabels?: Readonly<Record<string, string>>;
}

const FILES = 'files';

export function hasBelongings({ secretEnv, files }: JobRequest): boolean {
  return Object.keys(secretEnv).length + Object.keys(files).length > 0;
}

export function jobManifest(wanted: Wanted): KubeObject {
  const { id, namespace, credential, request, chosen, digest } = wanted;
  const labels = { ...request.labels, ...jobLabels(credential), ...profileLabel(chosen), ...wanted.stageLabels };
  return {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: {
      name: id,
      namespace,
      labels: { app: chosen.app, ...labels },
      annotations: {
        [ANNOTATIONS.digest]: digest,
        [ANNOTATIONS.waitSeconds]: String(chosen.waitSeconds),
      },
    },
    spec: {
      completions: 1,
      parallelism: 1,
      backoffLimit: chosen.retries,
      // What its node lost or evicted was no attempt of the user's.
      podFailurePolicy: {
        rules: [{ action: 'Ignore', onPodConditions: [{ type: 'DisruptionTarget', status: 'True' }] }],
      },
      ...(wanted.stageLabels === undefined && hasBelongings(request) && { suspend: true }),
      template: { metadata: { labels }, spec: podSpec(wanted) },
    },
  };
}

function profileLabel({ profile }: Chosen): Readonly<Record<string, string>> {
  return profile === undefined ? {} : { [LABELS.profile]: profile };
}

function podSpec(wanted: Wanted): object {
  const { request, chosen } = wanted;
  const { registrySecret, serviceAccount, nodeSelector, deadlineSeconds } = chosen;
  return {
    restartPolicy: 'Never',
    // Of each attempt, from the moment it is on a node: who only waited has not run.
    activeDeadlineSeconds: deadlineSeconds,
    automountServiceAccountToken: serviceAccount !== undefined,
    enableServiceLinks: false,
    ...(serviceAccount !== undefined && { serviceAccountName: serviceAccount }),
    ...(registrySecret !== undefined && { imagePullSecrets: [{ name: registrySecret }] }),
    ...(Object.keys(nodeSelector).length > 0 && { nodeSelector }),
    ...(request.tolerations.length > 0 && { tolerations: request.tolerations }),
    containers: [container(wanted)],
    ...volumesOf(wanted),
  };
}

function container(wanted: Wanted): object {
  const { id, request, chosen } = wanted;
  const { image, pullPolicy, command, resources } = chosen;
  const { env, secretEnv, workingDir, claims, files } = request;
  const mounts = [
    ...claims.map(({ mountPath, readOnly }, index) => ({ name: claimVolume(index), mountPath, readOnly })),
    ...Object.keys(files).map((path) => ({ name: FILES, mountPath: path, subPath: keyOf(path), readOnly: true })),
  ];
  const plain = Object.entries(env).map(([name, value]) => ({ name, value }));
  return {
    name: `${id}-container`,
    image,
    imagePullPolicy: pullPolicy,
    command: command.slice(0, 1),
    args: command.slice(1),
    ...(workingDir !== undefined && { workingDir }),
    ...(plain.length > 0 && { env: plain }),
    ...(Object.keys(secretEnv).length > 0 && { envFrom: [{ secretRef: { name: wanted.names.secret } }] }),
    resources: resourcesOf(resources),
    ...(mounts.length > 0 && { volumeMounts: mounts }),
    securityContext: { allowPrivilegeEscalation: false },
  };
}

function resourcesOf({ cpu, memory, cpuLimit, memoryLimit, gpu }: Chosen['resources']): object {
  const requests = { ...(cpu !== undefined && { cpu }), ...(memory !== undefined && { memory }) };
  const limits = {
    ...(cpuLimit !== undefined && { cpu: cpuLimit }),
    ...(memoryLimit !== undefined && { memory: memoryLimit }),
    ...(gpu !== undefined && gpu > 0 && { 'nvidia.com/gpu': gpu }),
  };
  return { requests, ...(Object.keys(limits).length > 0 && { limits }) };
}

function volumesOf(wanted: Wanted): object {
  const { claims, files } = wanted.request;
  const volumes = [
    ...claims.map(({ name, readOnly }, index) => ({
      name: claimVolume(index),
      persistentVolumeClaim: { claimName: name, readOnly },
    })),
    ...(Object.keys(files).length > 0 ? [{ name: FILES, configMap: { name: wanted.names.files } }] : []),
  ];
  return volumes.length > 0 ? { volumes } : {};
}

function claimVolume(index: number): string {
  return `claim-${index}`;
}

/** A path is no key of a ConfigMap. */
export function keyOf(path: string): string {
  return `file-${shortHash(path)}`;
}
