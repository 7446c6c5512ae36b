// How jobs are named, labelled and found again.
import { createHash, randomBytes, randomUUID } from 'node:crypto';
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
/** As long as the hashes in other names; nobody can ask for one. */
const NONCE_BYTES = 6;

export interface BelongingNames {
  readonly secret: string;
  readonly files: string;
}

/** New with each Job: what an earlier one of the same id has left behind is never taken for its own. */
export function belongingNames(id: string, nonce: string): BelongingNames {
  return { secret: `${OF_SECRET}${id}-${nonce}`, files: `${OF_FILES}${id}-${nonce}` };
}

export function newNonce(): string {
  return randomBytes(NONCE_BYTES).toString('hex');
}

export function isSecretName(name: string): boolean {
  return name.startsWith(OF_SECRET);
}

export function isFilesName(name: string): boolean {
  return name.startsWith(OF_FILES);
}

/** Of what was made when the name had nothing but the id in it, and no label told the Job. */
export function ownerIdOf(name: string): string | undefined {
  const prefix = [OF_SECRET, OF_FILES].find((each) => name.startsWith(each));
  return prefix === undefined ? undefined : name.slice(prefix.length);
}
