// The objects of a set, from what was asked for and what the operator allows; everything is refused here that can be. Pure.
import { AppError } from '../../../lib/errors';
import type { KubeObject, ObjectMeta } from '../../../lib/kube/objects';
import { belongingNames } from '../../../lib/jobs/names';
import { LABELS } from '../../../lib/labels';
import { setManifest, type SetPlan, type Stage } from '../../../lib/jobSets/jobSet';
import {
  belongingLabels,
  claimName,
  policyName,
  stageBelongingsId,
  stageJobName,
  stageLabels,
} from '../../../lib/jobSets/names';
import { beyond, choose, literal, outside } from '../chosen';
import type { JobsConfig } from '../configFile';
import { belongingsOf } from '../belongings';
import { jobManifest, type Wanted } from '../desired';
import type { JobRequest } from '../schema';
import type { SetRequest, SharedClaimRequest, StageRequest } from './schema';

export interface WantedSet {
  readonly id: string;
  readonly namespace: string;
  readonly credential: string;
  readonly request: SetRequest;
  readonly digest: string;
  /** In the names of Secrets and files, if this set is made. */
  readonly nonce: string;
}

export interface SetObjects {
  readonly plan: SetPlan;
  readonly anchor: KubeObject;
  /** All but the Jobs, as the plan of the set that was made or found refers to them; before they are owned by its anchor. */
  readonly belongingsOf: (plan: SetPlan) => readonly KubeObject[];
}

/** What all values of a ConfigMap may have together is 1 MiB, and how the stages ended has to have room. */
const MAX_BYTES = 900 * 1024;

export function setObjects(wanted: WantedSet, config: JobsConfig): SetObjects {
  const { id, namespace, credential, request, digest } = wanted;
  checkClaims(request, config);
  const stages = request.stages.map((stage) => ({ stage, job: wantedStage(wanted, stage, config) }));
  const plan = {
    id,
    stages: stages.map(({ stage, job }) => toStage(stage, job)),
    claims: request.claims,
  };
  const profile = request.profile ?? config.default_profile;
  const labels = { ...request.labels, ...(profile !== undefined && { [LABELS.profile]: profile }) };
  const anchor = setManifest({ plan, namespace, credential, digest, labels });
  if (Buffer.byteLength(JSON.stringify(anchor)) > MAX_BYTES) {
    throw new AppError('invalid_input', 422, `stages: together they are larger than ${MAX_BYTES} bytes`);
  }
  const others = [
    ...request.claims.map((claim) => claimManifest(wanted, claim)),
    ...(request.stages.some(({ untrusted }) => untrusted) ? [denyAll(wanted)] : []),
  ];
  const jobs = stages.map(({ job }) => job);
  return { plan, anchor, belongingsOf: (made) => [...others, ...belongingsOfStages(jobs, made)] };
}

function belongingsOfStages(jobs: readonly Wanted[], { stages }: SetPlan): readonly KubeObject[] {
  const made = new Map(stages.map(({ job }) => [job.metadata?.name, job]));
  return jobs.flatMap((wanted) => {
    const job = made.get(wanted.id);
    return job === undefined ? [] : belongingsOf(job, wanted);
  });
}

function toStage({ name, always, untrusted }: StageRequest, wanted: Wanted): Stage {
  return { name, always, untrusted, job: jobManifest(wanted) };
}

function wantedStage(wanted: WantedSet, stage: StageRequest, config: JobsConfig): Wanted {
  const { id, namespace, credential, request: set, digest, nonce } = wanted;
  const { name, always: _always, untrusted, timeoutSeconds: deadlineSeconds, claims, ...rest } = stage;
  const named = claims.flatMap((claim) => ('set' in claim ? [] : [claim]));
  const request: JobRequest = {
    ...rest,
    dryRun: false,
    profile: rest.profile ?? set.profile,
    labels: { ...set.labels, ...rest.labels },
    ...(deadlineSeconds !== undefined && { deadlineSeconds }),
    ...(untrusted && { serviceAccount: null }),
    claims: named,
  };
  const chosen = inStage(name, () => {
    if (untrusted) checkUntrusted(named, config, credential);
    return choose(request, config, credential);
  });
  return {
    id: stageJobName(id, name),
    namespace,
    credential,
    request: { ...request, claims: claims.map((claim) => mountOf(id, claim)) },
    chosen,
    digest,
    names: belongingNames(stageBelongingsId(id, name), nonce),
    stageLabels: stageLabels({ credential, id }, stage),
  };
}

function mountOf(id: string, claim: StageRequest['claims'][number]): JobRequest['claims'][number] {
  if (!('set' in claim)) return claim;
  const { set, ...mount } = claim;
  return { ...mount, name: claimName(id, set) };
}

/** What it writes leads out of the set, and what it reads may be more than it should know. */
function checkUntrusted(claims: JobRequest['claims'], { sets }: JobsConfig, credential: string): void {
  const allowed = sets.untrustedClaims.map((glob) => glob.replaceAll('<credential>', literal(credential)));
  const names = claims.map(({ name }) => name);
  const problems = [
    ...outside('untrusted: claim', names, allowed),
    ...claims.filter(({ readOnly }) => !readOnly).map(({ name }) => `untrusted: claim ${name} has to be read only.`),
  ];
  if (problems.length > 0) throw new AppError('beyond_profile', 403, problems.join(' '));
}

function checkClaims({ claims }: SetRequest, { sets }: JobsConfig): void {
  const classes = claims.flatMap(({ storageClass }) => storageClass ?? []);
  const problems = [
    ...claims.flatMap(({ name, size }) => beyond(`claims.${name}: size`, size, sets.claimSize)),
    ...outside('storage class', classes, sets.storageClasses),
  ];
  if (problems.length > 0) throw new AppError('beyond_profile', 403, problems.join(' '));
}

function inStage<T>(name: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    throw new AppError(error.code, error.status, `stages.${name}: ${error.message}`, { cause: error });
  }
}

function metadataOf({ id, namespace, credential }: WantedSet, name: string): ObjectMeta {
  return { name, namespace, labels: belongingLabels(credential, id) };
}

function claimManifest(wanted: WantedSet, { name, size, storageClass, accessMode }: SharedClaimRequest): KubeObject {
  return {
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: metadataOf(wanted, claimName(wanted.id, name)),
    spec: {
      accessModes: [accessMode],
      resources: { requests: { storage: size } },
      ...(storageClass !== undefined && { storageClassName: storageClass }),
    },
  };
}

/** Of all untrusted stages: nothing comes in, nothing goes out. */
function denyAll(wanted: WantedSet): KubeObject {
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: metadataOf(wanted, policyName(wanted.id)),
    spec: {
      podSelector: { matchLabels: { [LABELS.jobSet]: wanted.id, [LABELS.untrusted]: 'true' } },
      policyTypes: ['Ingress', 'Egress'],
    },
  };
}
