// The files that the function is deployed with: descriptions, config.json and credentials, in a folder that goes with the run.
import { createHash, randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hashPassword } from '../../lib/credentials/passwordHash';
import { DESCRIPTIONS, toYaml, type DescriptionName } from './descriptions';

export interface Workspace {
  readonly folder: string;
  /** What the function has to be told of it. */
  readonly environment: Readonly<Record<string, string>>;
  /** Authorization headers, all of the same credential but `lister`, whose services nobody else starts. */
  readonly logins: { readonly basic: string; readonly token: string; readonly lister: string };
  readonly remove: () => void;
}

const CREDENTIALS = ['hub', 'lister'] as const;

export async function createWorkspace(): Promise<Workspace> {
  const folder = mkdtempSync(join(tmpdir(), 'hub-functions-bench-'));
  const credentials = join(folder, 'credentials');
  mkdirSync(credentials);
  const [hub, lister] = await Promise.all(CREDENTIALS.map(async (name) => writeCredential(credentials, name)));
  for (const credential of CREDENTIALS) writeDescriptions(join(folder, 'descriptions', credential));
  const config = join(folder, 'config.json');
  writeFileSync(config, JSON.stringify({ services: { descriptions: join(folder, 'descriptions') } }));
  return {
    folder,
    // What starts no mover has to know of an image all the same.
    environment: { CONFIG_PATH: config, CREDENTIALS_DIR: credentials, MOVER_IMAGE: 'bench/never-started:1' },
    logins: { basic: hub?.basic ?? '', token: hub?.token ?? '', lister: lister?.token ?? '' },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

async function writeCredential(
  folder: string,
  name: string,
): Promise<{ readonly basic: string; readonly token: string }> {
  const [password, token] = [randomBytes(16).toString('hex'), randomBytes(32).toString('hex')];
  const sha256 = createHash('sha256').update(token).digest('hex');
  const credential = {
    password: await hashPassword(password),
    tokens: [{ sha256, created: new Date().toISOString() }],
    groups: ['access_to_webservice', 'access_to_jobs', 'access_to_logging'],
  };
  writeFileSync(join(folder, name), JSON.stringify(credential), { mode: 0o600 });
  return { basic: `Basic ${Buffer.from(`${name}:${password}`).toString('base64')}`, token: `Token ${token}` };
}

function writeDescriptions(folder: string): void {
  for (const name of Object.keys(DESCRIPTIONS) as DescriptionName[]) {
    mkdirSync(join(folder, name), { recursive: true });
    writeFileSync(join(folder, name, 'service.yaml'), toYaml(name));
  }
}
