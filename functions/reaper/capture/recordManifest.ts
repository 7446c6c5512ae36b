// The ConfigMap that remembers a job. Pure.
import { createHash } from 'node:crypto';
import type { KubeObject } from '../../../lib/kube/objects';
import { RECORD_KEY, RECORD_KIND, recordName, type JobRecord } from '../../../lib/jobs/record';
import { LABELS, MANAGED_BY } from '../../../lib/labels';
import { isRecord } from '../../../lib/record';

/** What all values of a ConfigMap may have together. https://kubernetes.io/docs/concepts/configuration/configmap/ */
const MAX_BYTES = 1024 * 1024;
/** More than the names, times and digest of one log take. */
const BYTES_PER_LOG = 1024;
const BYTES_FOR_STATE = 16 * 1024;
/** A longer word of a command is cut: with it there might be no room for the log. */
const MAX_WORD = 16 * 1024;
const MAX_JOB_BYTES = 256 * 1024;

export function recordManifest(record: JobRecord, binaryData: Readonly<Record<string, string>>): KubeObject {
  const { name = '', namespace, labels = {} } = record.job.metadata ?? {};
  const passedOn = [LABELS.credential, LABELS.profile].flatMap((label) =>
    labels[label] === undefined ? [] : [[label, labels[label]] as const],
  );
  return {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: {
      name: recordName(name),
      ...(namespace !== undefined && { namespace }),
      labels: {
        [LABELS.managedBy]: MANAGED_BY,
        [LABELS.kind]: RECORD_KIND,
        ...Object.fromEntries(passedOn),
        [LABELS.phase]: record.state.phase,
      },
    },
    immutable: true,
    data: { [RECORD_KEY]: JSON.stringify(record) },
    binaryData,
  };
}

/** Names the record from the Job. */
export function digestOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** What the logs of a job may take in its record. */
export function roomForLogs(job: KubeObject, logs: number): number {
  const others = Buffer.byteLength(JSON.stringify(job)) + logs * BYTES_PER_LOG + BYTES_FOR_STATE;
  return Math.max(0, MAX_BYTES - others);
}

/** Without what the API server keeps in it for itself, and without what would leave no room for the log. */
export function recordedJob(job: KubeObject): KubeObject {
  const { managedFields: _managed, ...metadata } = { managedFields: undefined, ...job.metadata };
  const whole = { apiVersion: 'batch/v1', kind: 'Job', ...(shortened(job) as object), metadata };
  if (Buffer.byteLength(JSON.stringify(whole)) <= MAX_JOB_BYTES) return whole;
  return { ...whole, spec: undefined };
}

function shortened(value: unknown): unknown {
  if (typeof value === 'string' && value.length > MAX_WORD) {
    return `${value.slice(0, MAX_WORD)}... (${value.length} characters)`;
  }
  if (Array.isArray(value)) return value.map(shortened);
  if (!isRecord(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, shortened(inner)]));
}
