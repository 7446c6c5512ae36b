// The certificate authority, the server's certificate and the token, kept in the state folder between starts.
import { randomBytes, X509Certificate } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { generate } from 'selfsigned';

export interface Identity {
  readonly authority: string;
  readonly certificate: string;
  readonly key: string;
  readonly token: string;
}

const FILE = 'identity.json';
const VALID_DAYS = 365;
const DAY_MS = 86_400_000;

export async function loadIdentity(stateDir: string): Promise<Identity> {
  await mkdir(stateDir, { recursive: true, mode: 0o700 });
  const kept = await readIdentity(join(stateDir, FILE));
  if (kept !== undefined && isFresh(kept)) return kept;
  const identity = await createIdentity(kept?.token);
  await writeFile(join(stateDir, FILE), JSON.stringify(identity), { mode: 0o600 });
  return identity;
}

async function readIdentity(file: string): Promise<Identity | undefined> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as Identity;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

function isFresh({ certificate }: Identity): boolean {
  return Date.parse(new X509Certificate(certificate).validTo) > Date.now() + DAY_MS;
}

async function createIdentity(token = randomBytes(32).toString('base64url')): Promise<Identity> {
  const lifetime = {
    notAfterDate: new Date(Date.now() + VALID_DAYS * DAY_MS),
    algorithm: 'sha256',
    keyType: 'ec' as const,
  };
  const authority = await generate([{ name: 'commonName', value: 'embedded cluster CA' }], {
    ...lifetime,
    extensions: [
      { name: 'basicConstraints', cA: true, critical: true },
      { name: 'keyUsage', keyCertSign: true, cRLSign: true, critical: true },
    ],
  });
  const server = await generate([{ name: 'commonName', value: '127.0.0.1' }], {
    ...lifetime,
    ca: { key: authority.private, cert: authority.cert },
    extensions: [
      { name: 'basicConstraints', cA: false, critical: true },
      { name: 'keyUsage', digitalSignature: true, keyEncipherment: true, critical: true },
      { name: 'extKeyUsage', serverAuth: true },
      {
        name: 'subjectAltName',
        altNames: [
          { type: 7, ip: '127.0.0.1' },
          { type: 2, value: 'localhost' },
        ],
      },
    ],
  });
  return { authority: authority.cert, certificate: server.cert, key: server.private, token };
}
