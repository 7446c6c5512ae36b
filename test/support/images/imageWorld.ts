// Definitions, a real buildah (Debian's) with a store of its own, and the command line that works with both.
import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { hubfn, type CommandLine, type Ended } from '../commandLine';
import { makeApplications, type Applications } from './applications';

export interface ImageWorld extends Applications {
  readonly environment: Readonly<Record<string, string>>;
  /** `hubfn images ...` */
  readonly images: (args: readonly string[], more?: Partial<CommandLine>) => Promise<Ended>;
  readonly buildah: (...args: readonly string[]) => string;
  /** The tags of what is built, of one repository. */
  readonly built: (repository: string) => readonly string[];
  /** Logs in, as `docker login` keeps it. */
  readonly login: (host: string, user: string, password: string) => void;
}

/** A tag by content. */
export const HASH = /^[0-9a-f]{12}$/;

export function exactOf(tags: readonly string[]): string {
  return tags.find((tag) => HASH.test(tag)) ?? 'none';
}

export function createImageWorld(): ImageWorld {
  const applications = makeApplications();
  const { root } = applications;
  const at = (path: string): string => join(root, path);
  mkdirSync(at('home/.docker'), { recursive: true });
  // A plain store, which works everywhere, and no isolation that this machine might not allow.
  writeFileSync(
    at('storage.conf'),
    `[storage]\ndriver = "vfs"\ngraphroot = "${at('graph')}"\nrunroot = "${at('run')}"\n`,
  );
  const environment = {
    PATH: process.env['PATH'] ?? '',
    HOME: at('home'),
    XDG_RUNTIME_DIR: at('runtime'),
    CONTAINERS_STORAGE_CONF: at('storage.conf'),
    BUILDAH_ISOLATION: 'chroot',
    HUBFN_IMAGE_TOOL: 'buildah',
    TMPDIR: at('tmp'),
  };
  for (const folder of ['tmp', 'runtime']) mkdirSync(at(folder));
  const buildah = (...args: readonly string[]): string =>
    execFileSync('buildah', args, { env: environment, encoding: 'utf8' });
  return {
    ...applications,
    environment,
    images: async ([command = '', ...args], more = {}) =>
      hubfn(['images', command, '--applications', applications.applications, ...args], {
        ...more,
        environment: { ...environment, ...more.environment },
      }),
    buildah,
    built: (repository) => {
      const lines = buildah('images', '--format', '{{.Name}}:{{.Tag}}').split('\n');
      const tags = lines
        .filter((line) => line.startsWith(`${repository}:`))
        .map((line) => line.trim().split(':').at(-1) ?? '');
      return tags.toSorted();
    },
    login: (host, user, password) => {
      writeFileSync(
        at('home/.docker/config.json'),
        JSON.stringify({ auths: { [host]: { auth: btoa(`${user}:${password}`) } } }),
      );
    },
  };
}
