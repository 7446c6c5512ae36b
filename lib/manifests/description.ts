// Reads a service description from the mounted folder: `<root>/<credential>/<service>/`, variants for others left out.
import { readdir, readFile, realpath, stat } from 'node:fs/promises';
import * as path from 'node:path';
import { globMatcher } from '../glob';
import { AppError } from '../errors';
import { packInput, type ArchiveFile } from './archive';
import type { Template } from './render';
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
  /** Path below the description, as on disk. */
  readonly name: string;
  readonly source: string;
  readonly mode: number;
  readonly modified: Date;
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
  const entries = (await readdir(folder)).filter((entry) => !entry.startsWith('..') && keep(entry)).toSorted();
  const found = await Promise.all(
    entries.map(async (entry) => {
      const source = path.join(folder, entry);
      const status = await stat(source);
      if (status.isDirectory()) return walk(source, keep, `${prefix}${entry}/`);
      return [{ name: prefix + entry, source, mode: status.mode & 0o777, modified: status.mtime }];
    }),
  );
  return found.flat();
}

async function readTemplate(files: readonly File[], name: string): Promise<Template | undefined> {
  const file = files.find((candidate) => candidate.name === name);
  return file && { file: name, text: await readFile(file.source, 'utf8') };
}

async function packFolder(files: readonly File[], settings: DescriptionSettings, audience: Audience): Promise<string> {
  const prefix = `${settings.inputFolder}/`;
  const inputs = new Map(files.filter(({ name }) => name.startsWith(prefix)).map((file) => [file.name, file]));
  if (inputs.size === 0) return '';
  const archive = renameVariants([...inputs.keys()], audience, settings.known).flatMap(({ source, target }) => {
    const file = inputs.get(source);
    return file === undefined ? [] : [toArchiveFile(file, target.slice(prefix.length))];
  });
  return packInput(archive);
}

function toArchiveFile({ source, mode, modified }: File, target: string): ArchiveFile {
  return { source, target, mode, modified };
}
