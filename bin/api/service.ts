// Which service a command asks, and as whom: by options, else by environment variables.
import { readFileSync } from 'node:fs';
import { usageError, type Terminal } from '../command';
import type { Service } from './overHttp';

interface LoginArguments {
  readonly user?: string | undefined;
  readonly 'password-file'?: string | undefined;
  readonly 'token-file'?: string | undefined;
}

export function service(url: string, given: LoginArguments, { environment }: Terminal): Service {
  if (!URL.canParse(url) || !/^https?:/.test(url)) throw usageError(`--url ${url} is not a URL like https://host/`);
  const user = given.user ?? (environment['HUBFN_USER'] || undefined);
  const token = secretFrom(given['token-file'], environment['HUBFN_TOKEN']);
  if (user === undefined)
    return { url: new URL(url), authorization: token === undefined ? undefined : `Token ${token}` };
  const password = secretFrom(given['password-file'], environment['HUBFN_PASSWORD']);
  if (password !== undefined) {
    return { url: new URL(url), authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}` };
  }
  if (token !== undefined) return { url: new URL(url), authorization: `Token ${token}` };
  throw usageError(`the password of ${user} is missing: set HUBFN_PASSWORD or give --password-file`);
}

function secretFrom(file: string | undefined, variable: string | undefined): string | undefined {
  if (file === undefined) return variable || undefined;
  try {
    return readFileSync(file, 'utf8').replace(/\r?\n$/, '');
  } catch (error) {
    throw usageError(`${file} cannot be read: ${(error as Error).message}`);
  }
}
