// Reads a service description from the mounted folder: `<root>/<credential>/<service>/`, variants for others left out.
import { stat } from 'node:fs/promises';
import { globMatcher } from '../glob';
import { AppError } from '../errors';
import { listMounted, readMounted } from '../mountedFiles';
import { packInput, type ArchiveFile } from './archive';
import type { Template } from './template';
import { isMeantFor, renameVariants, type Audience, type KnownNames, type Selected } from './variants';

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

/** Read as it is needed: a start mostly needs one file of it. */
export interface Description {
  readonly service: Template;
  readonly update: () => Promise<Template | undefined>;
  /** The input folder as base64 of a gzipped tar; empty when there is none. */
  readonly input: () => Promise<string>;
}

/** One path segment that cannot leave its folder and is no name of the kubelet's own (`..data`). */
const SAFE_SEGMENT = /^[A-Za-z0-9_][A-Za-z0-9._-]{0,252}$/;

export async function readDescription(
  settings: DescriptionSettings,
  name: DescriptionName,
  audience: Audience,
): Promise<Description> {
  if (!SAFE_SEGMENT.test(name.service) || !SAFE_SEGMENT.test(name.folder)) throw unknownService(name);
  const folder = [name.folder, name.service];
  const isIgnored = globMatcher(settings.ignore);
  const isWanted = (entry: string): boolean => isMeantFor(entry, audience, settings.known) && !isIgnored(entry);
  const template = async (file: string): Promise<Template | undefined> => {
    if (!isWanted(file)) return undefined;
    const text = await readMounted(settings.root, [...folder, file]);
    return text === undefined ? undefined : { file, text };
  };
  const service = await template(settings.serviceFile);
  if (service === undefined) throw unknownService(name);
  return {
    service,
    update: async () => template(settings.updateFile),
    input: async () => {
      if (!isWanted(settings.inputFolder)) return '';
      const files = await listMounted(settings.root, [...folder, settings.inputFolder], isWanted);
      return packFiles(files, renameVariants([...files.keys()].toSorted(), audience, settings.known));
    },
  };
}

/** The contract's text, which clients match on. */
function unknownService({ service }: DescriptionName): AppError {
  return new AppError('service_unknown', 500, "Couldn't find service yaml file.", { fields: { service } });
}

async function packFiles(files: ReadonlyMap<string, string>, selected: readonly Selected[]): Promise<string> {
  if (selected.length === 0) return '';
  const archive = selected.map(async ({ source, target }): Promise<ArchiveFile> => {
    const file = files.get(source) ?? '';
    const { mode, mtime } = await stat(file);
    return { source: file, target, mode: mode & 0o777, modified: mtime };
  });
  return packInput(await Promise.all(archive));
}
