// How jobs are named, labelled and found again.
import { createHash, randomUUID } from 'node:crypto';
import { LABELS, MANAGED_BY } from '../labels';
import { shortHash } from '../naming';

/** Value of the label that tells our Jobs from those of descriptions and of others. */
export const JOB_KIND = 'job';

/** A UUID; the same one for the same key of a credential, so that a repeat meets the first. */
export function jobId(credential: string, idempotencyKey: string | undefined): string {
  if (idempotencyKey === undefined) return randomUUID();
  const hex = createHash('sha256')
    .update(JSON.stringify([credential, idempotencyKey]))
    .digest('hex');
  // Version 8 is for what an application makes by itself. https://www.rfc-editor.org/rfc/rfc9562#section-5.8
  return [hex.slice(0, 8), hex.slice(8, 12), `8${hex.slice(13, 16)}`, `8${hex.slice(17, 20)}`, hex.slice(20, 32)].join(
    '-',
  );
}

export function jobLabels(credential: string): Readonly<Record<string, string>> {
  return {
    [LABELS.managedBy]: MANAGED_BY,
    [LABELS.kind]: JOB_KIND,
    [LABELS.credential]: shortHash(credential),
  };
}

/** The jobs of one credential. */
export function jobSelector(credential: string): string {
  return Object.entries(jobLabels(credential))
    .map(([label, value]) => `${label}=${value}`)
    .join(',');
}

const OF_SECRET = 'job-env-';
const OF_FILES = 'job-files-';

export function secretName(id: string): string {
  return `${OF_SECRET}${id}`;
}

export function filesName(id: string): string {
  return `${OF_FILES}${id}`;
}

/** Of the job that something of this name belongs to; undefined when it is no name of ours. */
export function ownerIdOf(name: string): string | undefined {
  const prefix = [OF_SECRET, OF_FILES].find((each) => name.startsWith(each));
  return prefix === undefined ? undefined : name.slice(prefix.length);
}
