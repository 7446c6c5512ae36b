// What an object belongs to: by its owner references, or by what else says it, since somebody may have taken those away. Pure.
import { JOB_KIND, ownerIdOf } from '../../../lib/jobs/names';
import { setName } from '../../../lib/jobSets/names';
import type { KubeObject } from '../../../lib/kube/objects';
import { LABELS } from '../../../lib/labels';

export interface Owner {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  /** Absent: whichever has this name. */
  readonly uid?: string;
}

const JOB = { apiVersion: 'batch/v1', kind: 'Job' } as const;
const ANCHOR = { apiVersion: 'v1', kind: 'ConfigMap' } as const;
/** Of the pods of a Job, on newer API servers and on all. https://kep.k8s.io/2307 */
const CONTROLLER_UID = ['batch.kubernetes.io/controller-uid', 'controller-uid'];
const JOB_NAME = 'job-name';

export function ownersOf(object: KubeObject): readonly Owner[] {
  const { ownerReferences = [], labels = {} } = object.metadata ?? {};
  const { [LABELS.jobSet]: set, [LABELS.anchorUid]: anchorUid } = labels;
  const anchor = set === undefined ? (labels[LABELS.anchor] ?? '') : setName(set);
  const referred = ownerReferences.map(({ apiVersion, kind, name, uid }) => ({ apiVersion, kind, name, uid }));
  const told = anchorUid === undefined ? referred : [...referred, { ...ANCHOR, name: anchor, uid: anchorUid }];
  return told.length > 0 || labels[LABELS.kind] !== JOB_KIND ? told : jobOf(object);
}

/** Who deletes a Job by the API alone leaves its pods, Secret and files without references. */
function jobOf({ metadata }: KubeObject): readonly Owner[] {
  const { name = '', labels = {} } = metadata ?? {};
  const { [LABELS.job]: job = '', [LABELS.jobUid]: jobUid } = labels;
  if (jobUid !== undefined) return [{ ...JOB, name: job, uid: jobUid }];
  const uid = CONTROLLER_UID.map((label) => labels[label]).find((value) => value !== undefined);
  if (uid !== undefined) return [{ ...JOB, name: labels[JOB_NAME] ?? '', uid }];
  const id = ownerIdOf(name);
  return id === undefined ? [] : [{ ...JOB, name: id }];
}
