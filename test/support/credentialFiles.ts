// Credentials as a mounted Secret shows them: one JSON file each, with hashes only.
import { createHash, randomBytes, scryptSync } from 'node:crypto';

export interface TestCredential {
  readonly groups: readonly string[];
  readonly active?: boolean;
  readonly superuser?: boolean;
}

export const WEB_SERVICE = 'access_to_webservice';

/** Cheap on purpose: what is tested is the answer, not the hash. */
const COST = 1024;

export function passwordOf(name: string): string {
  return `password of ${name}: söcret`;
}

export function tokenOf(name: string): string {
  return createHash('sha256').update(`token of ${name}`).digest('hex');
}

export function credentialFile(name: string, credential: TestCredential): string {
  const salt = randomBytes(16);
  const hash = scryptSync(passwordOf(name), salt, 32, { N: COST, r: 8, p: 1 });
  const password = ['scrypt', COST, 8, 1, salt.toString('base64'), hash.toString('base64')].join('$');
  const sha256 = createHash('sha256').update(tokenOf(name)).digest('hex');
  return JSON.stringify({ ...credential, password, tokens: [{ sha256, created: '2026-11-20T00:00:00Z' }] });
}

export function basic(name: string, password: string = passwordOf(name)): string {
  return `Basic ${Buffer.from(`${name}:${password}`).toString('base64')}`;
}

export function token(name: string): string {
  return `Token ${tokenOf(name)}`;
}
