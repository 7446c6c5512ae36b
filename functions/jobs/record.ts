// What is left of a job that was reaped, or whose pods went before.
import type { Call } from '../../lib/kube/kube';
import type { KubeObject } from '../../lib/kube/objects';
import { readRecord, RECORD_KIND, recordName, type JobRecord, type RecordedSetState } from '../../lib/jobs/record';
import { LABELS } from '../../lib/labels';
import { shortHash } from '../../lib/naming';
import type { JobSet } from '../../lib/jobSets/jobSet';
import type { Context } from './context';
import { notFound, seekJob, type Sought } from './find';
import { seekSet } from './sets/find';

export interface Recorded {
  readonly configMap: KubeObject;
  readonly record: JobRecord;
}

/** Undefined when there is none of the caller's. */
export async function findRecord(
  context: Context,
  { credential, id }: Sought,
  call: Call,
): Promise<Recorded | undefined> {
  const found = await findRecordOf(context, id, call);
  return found?.configMap.metadata?.labels?.[LABELS.credential] === shortHash(credential) ? found : undefined;
}

/** Whosever it is. */
export async function findRecordOf({ kube, settings }: Context, id: string, call: Call): Promise<Recorded | undefined> {
  const ref = { apiVersion: 'v1', kind: 'ConfigMap', namespace: settings.namespace, name: recordName(id) };
  const configMap = await kube.get<KubeObject>(ref, call);
  if (configMap?.metadata?.labels?.[LABELS.kind] !== RECORD_KIND) return undefined;
  const record = readRecord(configMap);
  return record && { configMap, record };
}

/** What an id stands for. */
export type Found = KubeObject | JobSet | Recorded;

/** The Job, the set, or what was recorded of either when it is gone; `Job not found` without any. */
export async function findAny(context: Context, sought: Sought, call: Call): Promise<Found> {
  const job = await seekJob(context, sought, call);
  if (job !== undefined) return job;
  const [set, recorded] = await Promise.all([seekSet(context, sought, call), findRecord(context, sought, call)]);
  const found = set ?? recorded;
  if (found !== undefined) return found;
  throw notFound();
}

export function isRecorded(found: Found): found is Recorded {
  return 'record' in found;
}

export function isSet(found: Found): found is JobSet {
  return 'stages' in found;
}

export function isRecordOfSet(state: JobRecord['state']): state is RecordedSetState {
  return 'stages' in state;
}
