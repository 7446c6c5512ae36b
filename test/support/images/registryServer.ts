// A real registry on this machine (Debian's docker-registry): open, with passwords, or with tokens of another server; with TLS if wanted.
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { eventually } from '../eventually';
import { freePort } from '../userjobs/freePort';

export interface RegistryServer {
  /** As it stands in the name of an image. */
  readonly host: string;
  /** What leads to an image, of one repository. */
  readonly tags: (repository: string) => readonly string[];
  readonly digestOf: (repository: string, tag: string) => Promise<string | undefined>;
  /** SIGKILL, then until it is gone. */
  readonly kill: () => Promise<void>;
  readonly start: () => Promise<void>;
  readonly remove: () => Promise<void>;
}

export const USER = 'pusher';
export const PASSWORD = 'secret of the pusher';
/** bcrypt of the password, as htpasswd makes it. */
const HTPASSWD = `${USER}:$2b$04$0I9wDwgS.TSobUOSxuy8tO6Y/owL8sAEbAk1.NghzzLgWif01ROyS\n`;

export interface RegistryOptions {
  readonly auth?:
    | 'password'
    | { readonly realm: string; readonly service: string; readonly issuer: string; readonly certificate: string };
  readonly tls?: { readonly key: string; readonly cert: string };
}

export async function startRegistry({ auth, tls }: RegistryOptions = {}): Promise<RegistryServer> {
  const folder = mkdtempSync(join(tmpdir(), 'hub-functions-registry-'));
  const put = (name: string, text: string): string => {
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  };
  const host = `127.0.0.1:${await freePort()}`;
  const data = join(folder, 'data');
  const config = put(
    'config.yml',
    stringify({
      version: '0.1',
      log: { level: 'error', accesslog: { disabled: true } },
      storage: { filesystem: { rootdirectory: data } },
      http: {
        addr: host,
        ...(tls && { tls: { certificate: put('tls.crt', tls.cert), key: put('tls.key', tls.key) } }),
      },
      ...(auth !== undefined && { auth: authOf(auth, put) }),
    }),
  );
  let child: ChildProcess | undefined;
  const start = async (): Promise<void> => {
    child = spawn('docker-registry', ['serve', config], { stdio: 'ignore' });
    // Any answer will do, also one that wants TLS or a login.
    await eventually(async () => (await fetch(`http://${host}/v2/`)).status);
  };
  const kill = async (): Promise<void> => {
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
  };
  await start();
  return {
    host,
    tags: (repository) => namesIn(join(data, 'docker/registry/v2/repositories', repository, '_manifests/tags')),
    digestOf: async (repository, tag) => {
      const headers = {
        accept: 'application/vnd.oci.image.manifest.v1+json',
        authorization: `Basic ${btoa(`${USER}:${PASSWORD}`)}`,
      };
      const answer = await fetch(`http://${host}/v2/${repository}/manifests/${tag}`, { method: 'HEAD', headers });
      return answer.headers.get('docker-content-digest') ?? undefined;
    },
    kill,
    start,
    remove: async () => {
      await kill();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function authOf(auth: NonNullable<RegistryOptions['auth']>, put: (name: string, text: string) => string): object {
  if (auth === 'password') return { htpasswd: { realm: 'test', path: put('htpasswd', HTPASSWD) } };
  const { certificate, ...rest } = auth;
  return { token: { ...rest, rootcertbundle: put('issuer.crt', certificate) } };
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder).toSorted();
  } catch {
    return [];
  }
}
