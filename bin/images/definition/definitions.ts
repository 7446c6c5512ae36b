// The definitions that are meant: all of a folder, or some of them. Nothing is begun while one of them has a fault.
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '../../../lib/errors';
import { usageError } from '../../command';
import { hasErrno } from '../errno';
import { readDefinition, type Asked, type Definition } from './definition';
import { movingTexts } from './image';
import { isLitter } from './litter';

export const BROKEN = 'definitions_broken';

export async function readDefinitions(names: readonly string[], asked: Asked): Promise<readonly Definition[]> {
  const there = await namesIn(asked.applications);
  const unknown = names.filter((name) => !there.includes(name));
  if (unknown.length > 0)
    throw usageError(`there is no ${join(asked.applications, unknown[0] ?? '')}; there is ${there.join(', ')}`);
  const chosen = names.length === 0 ? there : [...new Set(names)];
  const read = await Promise.all(chosen.map(async (name) => readDefinition(name, asked)));
  const faults = [...read.flatMap((each) => each.faults), ...namesakes(read.flatMap(({ value }) => value ?? []))];
  if (faults.length > 0) throw new AppError(BROKEN, 400, faults.join('\n'));
  return read.flatMap(({ value }) => value ?? []);
}

async function namesIn(applications: string): Promise<readonly string[]> {
  const entries = await readdir(applications, { withFileTypes: true }).catch((error: unknown) => {
    if (!hasErrno(error, 'ENOENT', 'ENOTDIR', 'EACCES')) throw error;
    throw usageError(`${applications} is no folder of image definitions: give it by --applications FOLDER`);
  });
  const found = entries.filter((entry) => !entry.isFile() && !isLitter(entry.name));
  const link = found.find((entry) => !entry.isDirectory());
  if (link !== undefined) {
    const detail = `${join(applications, link.name)} is no folder but leads elsewhere: an image is made of what is in its own folder`;
    throw new AppError(BROKEN, 400, detail);
  }
  if (found.length === 0)
    throw usageError(`there is no definition in ${applications}: make ${join(applications, 'NAME')} with a Dockerfile`);
  return found.map(({ name }) => name).toSorted();
}

/** Their tags would lead now to one and now to the other. */
function namesakes(definitions: readonly Definition[]): readonly string[] {
  const owners = new Map<string, string>();
  const faults: string[] = [];
  for (const { name, images } of definitions) {
    for (const tag of images.flatMap(movingTexts)) {
      const other = owners.get(tag);
      if (other !== undefined) faults.push(`${who(other, name)} ${tag}: give one of them another name`);
      owners.set(tag, name);
    }
  }
  return faults;
}

function who(one: string, other: string): string {
  return one === other ? `two stages of ${one} make` : `${one} and ${other} both make`;
}
