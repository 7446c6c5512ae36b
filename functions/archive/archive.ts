// An archive: a ConfigMap that is its record and the owner of the movers that work on it. All of it is in its metadata. Pure.
import * as z from 'zod';
import type { KubeObject, ObjectMeta } from '../../lib/kube/objects';
import { ANNOTATIONS, LABELS, MANAGED_BY } from '../../lib/labels';
import { parseJson } from '../../lib/record';
import { identityOf, type Identity } from './identity';
import { ARCHIVE_KIND, archiveName, labelsOf, ofClaim, ofUser, REPOSITORY_KIND, repositoryName } from './names';
import { operationSchema, type Operation } from './operation/operation';

/** How the last operation ended. Times in this file are ISO strings. */
const lastSchema = z.object({
  id: z.string(),
  verb: z.string(),
  outcome: z.enum(['done', 'failed']),
  reason: z.string().optional(),
  message: z.string().optional(),
  endedAt: z.string(),
  /** The claim that was filled. */
  claim: z.string().optional(),
});

const shapeSchema = z.object({
  size: z.string(),
  storageClass: z.string().optional(),
  accessModes: z.array(z.string()),
});

const archiveSchema = z.object({
  id: z.string(),
  claim: z.string(),
  claimUid: z.string(),
  user: z.string(),
  askedAt: z.string(),
  hold: z.boolean(),
  tags: z.record(z.string(), z.string()),
  shape: shapeSchema,
  digest: z.string(),
  /** From here on only what a backup found. */
  snapshot: z.string().optional(),
  files: z.number().optional(),
  bytes: z.number().optional(),
  added: z.number().optional(),
  changedWhileRead: z.number().optional(),
  treeDigest: z.string().optional(),
  /** Of anything in the claim, as the backup saw it. */
  newestChange: z.string().optional(),
  /** Of the mover: what was changed later may be missing. */
  readFrom: z.string().optional(),
  archivedAt: z.string().optional(),
  /** When all of it was read and found whole; when it was restored and compared file by file. Gone when it is found damaged. */
  verifiedAt: z.string().optional(),
  drilledAt: z.string().optional(),
  last: lastSchema.optional(),
});

const repositorySchema = z.object({
  user: z.string(),
  /** Of the password that opens it. */
  generation: z.int().min(0),
  since: z.string(),
  last: lastSchema.optional(),
});

export type ArchiveRecord = z.infer<typeof archiveSchema>;
export type RepositoryRecord = z.infer<typeof repositorySchema>;
export type Last = z.infer<typeof lastSchema>;

interface Anchored extends Identity {
  readonly operation: Operation | undefined;
  readonly object: KubeObject;
}

/** What an operation may be about. */
export type Subject = Archive | Repository;

export interface Archive extends Anchored {
  readonly kind: 'archive';
  readonly record: ArchiveRecord;
}

export interface Repository extends Anchored {
  readonly kind: 'archive-repository';
  readonly record: RepositoryRecord;
}

export function archiveManifest(namespace: string, record: ArchiveRecord, operation: Operation): KubeObject {
  const labels = {
    ...labelsOf(ARCHIVE_KIND, { ...ofUser(record.user), ...ofClaim(record.claim) }),
    [LABELS.phase]: 'active',
  };
  return manifest({ name: archiveName(record.id), namespace, labels, annotations: annotationsOf(record, operation) });
}

export function repositoryManifest(namespace: string, record: RepositoryRecord): KubeObject {
  const labels = { ...labelsOf(REPOSITORY_KIND, ofUser(record.user)), [LABELS.phase]: 'idle' };
  const annotations = { [ANNOTATIONS.archive]: JSON.stringify(record) };
  return manifest({ name: repositoryName(record.user), namespace, labels, annotations });
}

function manifest(metadata: ObjectMeta): KubeObject {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata };
}

function annotationsOf(record: object, operation: Operation): Readonly<Record<string, string>> {
  return { [ANNOTATIONS.archive]: JSON.stringify(record), [ANNOTATIONS.operation]: JSON.stringify(operation) };
}

/** Undefined for what is neither, or cannot be read. */
export function toSubject(object: KubeObject): Subject | undefined {
  const kind = kindOf(object);
  const { annotations = {} } = object.metadata ?? {};
  const value = parseJson(annotations[ANNOTATIONS.archive] ?? '');
  const anchored = { ...identityOf(object), operation: operationIn(annotations), object };
  if (kind === ARCHIVE_KIND) {
    const record = archiveSchema.safeParse(value).data;
    return record && { kind: ARCHIVE_KIND, record, ...anchored };
  }
  if (kind !== REPOSITORY_KIND) return undefined;
  const record = repositorySchema.safeParse(value).data;
  return record && { kind: REPOSITORY_KIND, record, ...anchored };
}

/** What is on its way out is none any more. */
function kindOf({ metadata }: KubeObject): string | undefined {
  const isOurs = metadata?.labels?.[LABELS.managedBy] === MANAGED_BY && metadata.deletionTimestamp === undefined;
  return isOurs ? metadata.labels?.[LABELS.kind] : undefined;
}

function operationIn(annotations: Readonly<Record<string, string>>): Operation | undefined {
  return operationSchema.safeParse(parseJson(annotations[ANNOTATIONS.operation] ?? '')).data;
}

export function toArchive(object: KubeObject): Archive | undefined {
  const subject = toSubject(object);
  return subject?.kind === 'archive' ? subject : undefined;
}

/** What is written only if nobody else has written meanwhile: refused with a conflict then. */
export function subjectPatch(
  { uid, resourceVersion }: Subject,
  {
    record,
    operation,
    phase,
  }: { readonly record: object; readonly operation: Operation | undefined; readonly phase: string },
): object {
  return {
    metadata: {
      uid,
      resourceVersion,
      labels: { [LABELS.phase]: phase },
      annotations: {
        [ANNOTATIONS.archive]: JSON.stringify(record),
        [ANNOTATIONS.operation]: operation === undefined ? null : JSON.stringify(operation),
      },
    },
  };
}

/** Of what nothing is done with. */
export function restingPhase(record: ArchiveRecord | RepositoryRecord): 'idle' | 'kept' | 'failed' {
  if ('generation' in record) return 'idle';
  return record.snapshot === undefined ? 'failed' : 'kept';
}
