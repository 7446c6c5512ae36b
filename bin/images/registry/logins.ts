// Finds the login for a registry where docker, podman and buildah would look for it.
import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { AppError } from '../../../lib/errors';
import { parseJson } from '../../../lib/record';
import { hasErrno } from '../errno';
import type { Repository } from '../reference';
import { run, type RunOptions } from '../tool/run';
import { loginFile, loginFromHelper, loginIn, type Kept, type Login, type LoginFile } from './loginFile';

type Environment = RunOptions['environment'];

/** Undefined where nobody has logged in. */
export async function findLogin(repository: Repository, environment: Environment): Promise<Login | undefined> {
  for (const file of filesFor(environment)) {
    const found = loginIn(await readLoginFile(file), repository);
    const login = found !== undefined && 'helper' in found ? await askHelper(found, environment) : found;
    if (login !== undefined) return login;
  }
  return undefined;
}

/** The one that is named, else the usual ones. */
function filesFor(environment: Environment): readonly string[] {
  const named = environment['REGISTRY_AUTH_FILE'];
  if (named) return [named];
  const home = environment['HOME'] ?? homedir();
  const runtime = environment['XDG_RUNTIME_DIR'] ?? `/run/containers/${process.getuid?.() ?? 0}`;
  return [
    ...(environment['XDG_RUNTIME_DIR'] ? [join(runtime, 'containers/auth.json')] : [join(runtime, 'auth.json')]),
    join(environment['XDG_CONFIG_HOME'] ?? join(home, '.config'), 'containers/auth.json'),
    join(environment['DOCKER_CONFIG'] ?? join(home, '.docker'), 'config.json'),
  ];
}

async function readLoginFile(file: string): Promise<LoginFile> {
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    if (hasErrno(error, 'ENOENT', 'ENOTDIR')) return '{}';
    throw hasErrno(error, 'EACCES', 'EISDIR') ? noLoginFile(file, ` (${error.code})`) : error;
  });
  const { data } = loginFile.safeParse(parseJson(text));
  if (data !== undefined) return data;
  throw noLoginFile(file);
}

function noLoginFile(file: string, why = ''): AppError {
  const detail = `${file} is no file of logins: put it right, or remove it and log in again${why}`;
  return new AppError('login_file', 500, detail);
}

async function askHelper({ helper, server }: Kept, environment: Environment): Promise<Login | undefined> {
  const program = `docker-credential-${helper}`;
  const { code, output, said, isMissing } = await run([program, 'get'], { environment, input: server });
  if (code === 0) return loginFromHelper(parseJson(output));
  // The one answer that all helpers agree on.
  if (/credentials not found/i.test(output + said)) return undefined;
  const why = isMissing ? 'is not installed' : `failed: ${(output + said).trim()}`;
  throw new AppError('login_helper', 500, `${program}, which keeps the login for ${server}, ${why}`);
}
