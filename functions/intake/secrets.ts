// The mounted Secret of this function: logins, keys of channels, and what submissions are given. Read anew each time: it may change.
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

export interface Secrets {
  /** With which the jobs function is called on behalf of a credential. */
  readonly token: (credential: string) => Promise<string>;
  /** Of a channel whose messages are signed, or may be. */
  readonly key: (channel: string) => Promise<string | undefined>;
  readonly redis: () => Promise<{ readonly username?: string; readonly password?: string; readonly ca?: string }>;
  /** `secret.NAME` by NAME. */
  readonly ofSubmissions: () => Promise<Readonly<Record<string, string>>>;
}

const OF_SUBMISSIONS = 'secret.';

export function openSecrets(folder: string): Secrets {
  const read = async (name: string): Promise<string | undefined> => {
    const text = await readFile(join(folder, name), 'utf8').catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return undefined;
      throw error;
    });
    return text?.replace(/\n$/, '');
  };
  const needed = async (name: string): Promise<string> => {
    const text = await read(name);
    if (text) return text;
    throw new Error(`the Secret of intake has no ${name}`);
  };
  return {
    token: async (credential) => needed(`token.${credential}`),
    key: async (channel) => (await read(`key.${channel}`)) || undefined,
    redis: async () => {
      const [username, password, ca] = await Promise.all(
        ['redis-username', 'redis-password', 'redis-ca.crt'].map(read),
      );
      return { ...(username && { username }), ...(password && { password }), ...(ca && { ca }) };
    },
    ofSubmissions: async () => {
      const names = (await readdir(folder).catch(() => [])).filter((name) => name.startsWith(OF_SUBMISSIONS));
      const texts = names.map(async (name) => [name.slice(OF_SUBMISSIONS.length), await needed(name)] as const);
      return Object.fromEntries(await Promise.all(texts));
    },
  };
}
