// The build context: the folder of a definition without ops/, and what context.txt adds from around it, under the paths it has there.
import { join } from 'node:path';
import { hasErrno } from '../errno';
import { parseContextFile } from './contextFile';
import { inFile, type Faulty } from './faults';
import { readTree, type Found } from './tree';

/** How an image is built is no part of what it is. */
const OPERATIONS = 'ops';

export interface Surroundings {
  readonly folder: string;
  /** The folder that holds the applications' one: paths in context.txt begin here. */
  readonly root: string;
  /** Its contents; empty where there is none. */
  readonly contextFile: string;
}

export async function readContext({ folder, root, contextFile }: Surroundings): Promise<Faulty<readonly Found[]>> {
  const { value: paths, faults } = parseContextFile(contextFile);
  if (faults.length > 0) return { value: [], faults: inFile('context.txt', faults) };
  const own = await readTree({ root: folder, path: '', except: OPERATIONS });
  const added = await Promise.all(paths.map(async (path) => readAdded(root, path)));
  const files = [own, ...added].flatMap(({ value }) => value);
  const found = [own, ...added].flatMap((tree) => tree.faults);
  return { value: files, faults: [...found, ...inFile('context.txt', twice(files))] };
}

async function readAdded(root: string, path: string): Promise<Faulty<readonly Found[]>> {
  try {
    return await readTree({ root, path });
  } catch (error) {
    if (!hasErrno(error, 'ENOENT')) throw error;
    return { value: [], faults: [`context.txt: there is no ${join(root, path)}`] };
  }
}

function twice(files: readonly Found[]): readonly string[] {
  const places = new Map<string, string>();
  const faults: string[] = [];
  for (const { path, source } of files) {
    const other = places.get(path);
    if (other !== undefined) faults.push(`${path} of the image would be ${other} and ${source}: leave one of them out`);
    places.set(path, source);
  }
  return faults;
}
