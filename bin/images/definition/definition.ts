// Reads applications/<name>: what its image is made of, what it is called, and whether it is built and pushed.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { hasErrno } from '../errno';
import type { Place } from '../reference';
import { parseBuildArguments } from './buildArguments';
import { ABSENT, parseBuildOptions, type BuildOptions } from './buildOptions';
import { contentTag } from './contentTag';
import { readContext } from './context';
import { parseDockerfile, type BuildArguments, type Dockerfile } from './dockerfile';
import { inFile, type Faulty } from './faults';
import { imagesOf, type Image, type Named } from './image';
import { namedBy } from './named';
import type { Found } from './tree';

export interface Definition {
  readonly name: string;
  readonly options: Pick<BuildOptions, 'build' | 'push'>;
  /** All of the build context, and nothing else. */
  readonly files: readonly Found[];
  readonly hash: string;
  readonly images: readonly Image[];
  readonly buildArguments: BuildArguments;
  /** Bases that may become others without anybody's doing. */
  readonly unpinned: readonly string[];
}

export interface Asked {
  /** The folder of definitions. */
  readonly applications: string;
  /** By hand: they come before those of the definition. */
  readonly buildArguments: BuildArguments;
  readonly place: Place | undefined;
}

/** Undefined where something is wrong with it. */
export async function readDefinition(name: string, asked: Asked): Promise<Faulty<Definition | undefined>> {
  const folder = join(asked.applications, name);
  try {
    const { value, faults } = await readFolder(folder, asked);
    return { value: value && { name, ...value }, faults: inFile(folder, faults) };
  } catch (error) {
    if (!hasErrno(error, 'EACCES', 'ELOOP', 'EISDIR', 'ENOTDIR')) throw error;
    return { value: undefined, faults: inFile(folder, [error.message]) };
  }
}

async function readFolder(folder: string, asked: Asked): Promise<Faulty<Omit<Definition, 'name'> | undefined>> {
  const text = async (file: string): Promise<string | undefined> => textOf(join(folder, file));
  const source = await text('Dockerfile');
  if (source === undefined)
    return { value: undefined, faults: ['it has no Dockerfile: write one, or put the folder elsewhere'] };
  const args = parseBuildArguments((await text('build_args.txt')) ?? '');
  const buildArguments = { ...args.value, ...asked.buildArguments };
  const dockerfile = parseDockerfile(source, buildArguments);
  const { named, options, faults } = await readWords(text, dockerfile);
  const root = join(asked.applications, '..');
  const context = await readContext({ folder, root, contextFile: (await text('context.txt')) ?? '' });
  const all = [...faults, ...inFile('build_args.txt', args.faults), ...context.faults];
  if (all.length > 0 || named === undefined) return { value: undefined, faults: all };
  const hash = contentTag(context.value, asked.buildArguments);
  const images = imagesOf(named, hash, asked.place);
  const { unpinned } = dockerfile;
  return { value: { options, files: context.value, hash, images, buildArguments, unpinned }, faults: [] };
}

interface Words {
  readonly named: Named | undefined;
  readonly options: BuildOptions;
  readonly faults: readonly string[];
}

async function readWords(text: (file: string) => Promise<string | undefined>, dockerfile: Dockerfile): Promise<Words> {
  const optionsText = await text('ops/build_options.txt');
  const options = optionsText === undefined ? { value: ABSENT, faults: [] } : parseBuildOptions(optionsText);
  const named = namedBy({ nameFile: await text('image_name.txt'), dockerfile, targets: options.value.targets });
  const stageless = dockerfile.stages.length === 0 ? ['Dockerfile: it has no FROM'] : [];
  const faults = [...stageless, ...inFile('ops/build_options.txt', options.faults), ...named.faults];
  return { named: named.value, options: options.value, faults };
}

/** Undefined where there is no such file. */
async function textOf(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if (hasErrno(error, 'ENOENT')) return undefined;
    throw error;
  }
}
