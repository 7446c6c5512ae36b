// Reads a service description from the mounted folder: `<root>/<credential>/<service>/`, variants for others left out.
import type { Dirent } from 'node:fs';
import { readdir, readFile, realpath, stat } from 'node:fs/promises';
import * as path from 'node:path';
import { globMatcher } from '../glob';
import { AppError } from '../errors';
import { packInput, type ArchiveFile } from './archive';
import type { Template } from './template';
import { isMeantFor, renameVariants, type Audience, type KnownNames } from './variants';

export interface DescriptionSettings {
  readonly root: string;
  /** File with the manifests of a start: `service.yaml`. */
  readonly serviceFile: string;
  /** File with what an update adds: `update.yaml`. */
  readonly updateFile: string;
  readonly inputFolder: string;
  /** Shell globs of names that never travel. */
  readonly ignore: readonly string[];
  readonly known: KnownNames;
}

export interface DescriptionName {
  /** Folder of the credential, after the configured mapping. */
  readonly folder: string;
  readonly service: string;
}

export interface Description {
  readonly service: Template;
  readonly update: Template | undefined;
  /** The input folder as base64 of a gzipped tar; empty when there is none. Packed on demand. */
  readonly input: () => Promise<string>;
}

interface File {
  /** Path below the description. */
  readonly name: string;
  /** Where it is on disk. */
  readonly source: string;
}

/** One path segment that cannot leave its folder and is no name of the kubelet's own (`..data`). */
const SAFE_SEGMENT = /^[A-Za-z0-9_][A-Za-z0-9._-]{0,252}$/;

export async function readDescription(
  settings: DescriptionSettings,
  name: DescriptionName,
  audience: Audience,
): Promise<Description> {
  const folder = await descriptionFolder(settings.root, name);
  const isIgnored = globMatcher(settings.ignore);
  const files = await walk(folder, (entry) => isMeantFor(entry, audience, settings.known) && !isIgnored(entry));
  const service = await readTemplate(files, settings.serviceFile);
  if (service === undefined) throw unknownService(name);
  return {
    service,
    update: await readTemplate(files, settings.updateFile),
    input: async () => packFolder(files, settings, audience),
  };
}

async function descriptionFolder(root: string, name: DescriptionName): Promise<string> {
  if (!SAFE_SEGMENT.test(name.service) || !SAFE_SEGMENT.test(name.folder)) throw unknownService(name);
  const folder = path.join(root, name.folder, name.service);
  try {
    const [realRoot, realFolder] = await Promise.all([realpath(root), realpath(folder)]);
    if (realFolder.startsWith(realRoot + path.sep)) return realFolder;
  } catch (error) {
    throw unknownService(name, error);
  }
  throw unknownService(name);
}

/** The contract's text, which clients match on. */
function unknownService({ service }: DescriptionName, cause?: unknown): AppError {
  return new AppError('service_unknown', 500, "Couldn't find service yaml file.", { cause, fields: { service } });
}

async function walk(folder: string, keep: (name: string) => boolean, prefix = ''): Promise<readonly File[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  const kept = entries.filter(({ name }) => !name.startsWith('..') && keep(name));
  const found = await Promise.all(
    kept.map(async (entry) => {
      const source = path.join(folder, entry.name);
      const name = prefix + entry.name;
      return (await isFolder(entry, source)) ? walk(source, keep, `${name}/`) : [{ name, source }];
    }),
  );
  return found.flat();
}

/** Files of a mounted ConfigMap are links. */
async function isFolder(entry: Dirent, source: string): Promise<boolean> {
  return entry.isSymbolicLink() ? (await stat(source)).isDirectory() : entry.isDirectory();
}

async function readTemplate(files: readonly File[], name: string): Promise<Template | undefined> {
  const file = files.find((candidate) => candidate.name === name);
  return file && { file: name, text: await readFile(file.source, 'utf8') };
}

async function packFolder(files: readonly File[], settings: DescriptionSettings, audience: Audience): Promise<string> {
  const prefix = `${settings.inputFolder}/`;
  const inputs = new Map(files.flatMap(({ name, source }) => (name.startsWith(prefix) ? [[name, source]] : [])));
  if (inputs.size === 0) return '';
  const selected = renameVariants([...inputs.keys()].toSorted(), audience, settings.known);
  return packInput(
    await Promise.all(
      selected.map(async ({ source, target }) => archiveFile(inputs.get(source) ?? '', target.slice(prefix.length))),
    ),
  );
}

async function archiveFile(source: string, target: string): Promise<ArchiveFile> {
  const { mode, mtime } = await stat(source);
  return { source, target, mode: mode & 0o777, modified: mtime };
}
