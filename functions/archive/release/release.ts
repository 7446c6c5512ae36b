// A claim that is given up: what has to be known to bring it back, on a ConfigMap of its own. Pure.
import * as z from 'zod';
import type { KubeObject } from '../../../lib/kube/objects';
import { ANNOTATIONS, LABELS, MANAGED_BY } from '../../../lib/labels';
import { parseJson } from '../../../lib/record';
import { identityOf, type Identity } from '../identity';
import { labelsOf, ofClaim, ofUser, RELEASE_KIND, releaseName } from '../names';

const texts = z.record(z.string(), z.string());

/** Times are ISO strings. */
const releaseSchema = z.object({
  claim: z.string(),
  claimUid: z.string(),
  user: z.string(),
  /** The claim as it was, to be made again. */
  labels: texts,
  annotations: texts,
  spec: z.record(z.string(), z.unknown()),
  volume: z.object({ name: z.string(), uid: z.string(), policy: z.string() }),
  /** What proves that nothing is lost. */
  archive: z.string(),
  askedAt: z.string(),
  phase: z.enum(['releasing', 'released', 'undoing', 'deleting']),
  /** The volume is kept until then. */
  keptUntil: z.string().optional(),
  trouble: z.string().optional(),
});

export type ReleaseRecord = z.infer<typeof releaseSchema>;

export interface Release extends Identity {
  readonly record: ReleaseRecord;
  readonly object: KubeObject;
}

export function releaseManifest(namespace: string, record: ReleaseRecord): KubeObject {
  return {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: {
      name: releaseName(record.claim),
      namespace,
      labels: {
        ...labelsOf(RELEASE_KIND, { ...ofUser(record.user), ...ofClaim(record.claim) }),
        [LABELS.phase]: record.phase,
      },
      annotations: { [ANNOTATIONS.archive]: JSON.stringify(record) },
    },
  };
}

export function toRelease(object: KubeObject): Release | undefined {
  const { labels, annotations } = object.metadata ?? {};
  if (labels?.[LABELS.managedBy] !== MANAGED_BY || labels[LABELS.kind] !== RELEASE_KIND) return undefined;
  const record = releaseSchema.safeParse(parseJson(annotations?.[ANNOTATIONS.archive] ?? '')).data;
  return record && { ...identityOf(object), record, object };
}

/** Refused with a conflict when somebody else has written meanwhile. */
export function releasePatch({ uid, resourceVersion }: Release, record: ReleaseRecord): object {
  const labels = { [LABELS.phase]: record.phase };
  return { metadata: { uid, resourceVersion, labels, annotations: { [ANNOTATIONS.archive]: JSON.stringify(record) } } };
}

export function releaseView({ record }: Release): object {
  const { claim, user, archive, phase, askedAt, keptUntil, trouble, volume } = record;
  return {
    claim,
    user,
    archive,
    phase,
    askedAt,
    volume: volume.name,
    ...(keptUntil && { keptUntil }),
    ...(trouble && { trouble }),
  };
}
