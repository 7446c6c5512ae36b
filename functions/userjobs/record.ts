// The anchor of a user job: a ConfigMap, one for each name of a credential, that owns tunnel and Service, tells the tunnel
// where it leads, and is all that is remembered (docs/adr/0015). Pure.
import type { KubeObject } from '../../lib/kube/objects';
import { LABELS, MANAGED_BY } from '../../lib/labels';
import { hashedLabel, shortHash } from '../../lib/naming';
import { USER_JOB_KIND } from '../../lib/userjobs/names';
import type { Port } from './schema';

/** Where ssh logs in. */
export interface Login {
  readonly address: string;
  readonly port: number;
  readonly user: string;
  /** Name of the private key among the mounted ones. */
  readonly key: string;
}

/** What the anchor says of a Slurm job. */
export interface JobRecord {
  /** Absent until Slurm has told it. */
  readonly id?: number;
  /** Submitted by us, so ended by us; else somebody else's, and only watched. */
  readonly isOurs: boolean;
  /** Who submits it at the moment, and until when nobody else may. */
  readonly submitting?: { readonly by: string; readonly until: string };
  readonly pollSeconds: number;
  readonly bin?: string;
  /** Of one that is not ours: whose it may be; globs of the configuration. */
  readonly users?: readonly string[];
  /** Where it may run to be reached: globs of the configuration. */
  readonly nodes: readonly string[];
}

export interface UserJobRecord {
  readonly credential: string;
  readonly service: string;
  readonly hostname: string;
  readonly targetNode: string;
  readonly ports: readonly Port[];
  readonly login: Login;
  /** SHA-256 of the request: a repeat is the same operation. */
  readonly digest: string;
  /** Uid of the service that it belongs to, and goes with. */
  readonly serviceUid: string;
  readonly job?: JobRecord;
  /** Since when it is to go; a sweep ends what could not be ended at once. */
  readonly stoppedAt?: string;
}

/** A user job as the cluster has it. */
export interface UserJob {
  readonly record: UserJobRecord;
  readonly name: string;
  readonly uid: string;
  readonly createdAt: Date;
  readonly object: KubeObject;
}

export const RECORD_FILE = 'userjob.json';
/** In the tunnel's pod, for the socket of its connection. */
export const SOCKET_FOLDER = '/run/tunnel';

export function userJobName(credential: string, service: string): string {
  return hashedLabel(`userjob-${service}`, ['userjob', credential, service]);
}

/** What its job is called in Slurm: found again there by nobody else, and by no later user job of the name. It ends with whose it is. */
export function slurmName({ name, uid, record }: Pick<UserJob, 'name' | 'uid' | 'record'>): string {
  return `${name}-${uid.slice(0, 8)}-${shortHash(record.credential)}`;
}

/** All credentials submit as one user of Slurm: the name alone tells their jobs apart. */
export function isOfAnother(credential: string, nameInSlurm: string): boolean {
  const [, whose] = /^userjob-.+-[0-9a-f]{8}-([0-9a-f]+)$/.exec(nameInSlurm) ?? [];
  return whose !== undefined && whose !== shortHash(credential);
}

/** What all objects of a user job carry. */
export function userJobLabels({
  credential,
  service,
}: Pick<UserJobRecord, 'credential' | 'service'>): Readonly<Record<string, string>> {
  return {
    [LABELS.managedBy]: MANAGED_BY,
    [LABELS.anchor]: userJobName(credential, service),
    [LABELS.credential]: shortHash(credential),
  };
}

/** Of one credential, or of everybody. */
export function userJobSelector(credential?: string): string {
  const all = `${LABELS.managedBy}=${MANAGED_BY},${LABELS.kind}=${USER_JOB_KIND}`;
  return credential === undefined ? all : `${all},${LABELS.credential}=${shortHash(credential)}`;
}

/** `service`: what it goes with by itself, as an owner; a job of ours has to be ended first. */
export function userJobManifest(record: UserJobRecord, namespace: string, service: KubeObject): KubeObject {
  const { name: owner = '', uid = '' } = service.metadata ?? {};
  const isLoose = record.job?.isOurs === true;
  return {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: {
      name: userJobName(record.credential, record.service),
      namespace,
      labels: { ...userJobLabels(record), [LABELS.kind]: USER_JOB_KIND },
      ...(!isLoose && { ownerReferences: [{ apiVersion: 'v1', kind: 'ConfigMap', name: owner, uid }] }),
    },
    data: dataOf(record),
  };
}

/** Changes what is recorded, on an anchor that nobody changed since it was read. */
export function recordPatch(record: UserJobRecord, { metadata }: KubeObject): object {
  return { metadata: { resourceVersion: metadata?.resourceVersion }, data: dataOf(record) };
}

/** Undefined for what is no user job, or cannot be read: it belongs to nobody. */
export function toUserJob(object: KubeObject): UserJob | undefined {
  const { name = '', uid = '', labels, creationTimestamp = '' } = object.metadata ?? {};
  if (labels?.[LABELS.managedBy] !== MANAGED_BY || labels[LABELS.kind] !== USER_JOB_KIND) return undefined;
  const record = parsed((object['data'] as Readonly<Record<string, string>> | undefined)?.[RECORD_FILE]);
  return record && { record, name, uid, createdAt: new Date(creationTimestamp), object };
}

function dataOf(record: UserJobRecord): Record<string, string> {
  return { [RECORD_FILE]: JSON.stringify(record) };
}

/** Written by `dataOf` only. */
function parsed(text: string | undefined): UserJobRecord | undefined {
  try {
    return text === undefined ? undefined : (JSON.parse(text) as UserJobRecord);
  } catch {
    return undefined;
  }
}
