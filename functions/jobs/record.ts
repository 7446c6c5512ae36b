// What is left of a job that was reaped, or whose pods went before.
import type { Call } from '../../lib/kube/kube';
import type { KubeObject } from '../../lib/kube/objects';
import { readRecord, RECORD_KIND, recordName, type JobRecord } from '../../lib/jobs/record';
import { LABELS } from '../../lib/labels';
import { shortHash } from '../../lib/naming';
import type { Context } from './context';
import { notFound, seekJob, type Sought } from './find';

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

/** The Job, or its record when it is gone; `Job not found` without either. */
export async function findJobOrRecord(context: Context, sought: Sought, call: Call): Promise<KubeObject | Recorded> {
  const job = await seekJob(context, sought, call);
  const found = job ?? (await findRecord(context, sought, call));
  if (found !== undefined) return found;
  throw notFound();
}

export function isRecorded(found: KubeObject | Recorded): found is Recorded {
  return 'record' in found;
}

/** As it was when it was there. */
export async function findJobObject(context: Context, sought: Sought, call: Call): Promise<KubeObject> {
  const found = await findJobOrRecord(context, sought, call);
  return isRecorded(found) ? found.record.job : found;
}
