// Where a container's mount paths really are, and how it is told.
import { chmodSync, existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Pod, Values } from '../controllers/wire';
import type { Container } from './environment';
import { expand } from './expansion';
import { containerFault } from './faults';
import { inside } from './projectedFiles';
import type { Mount } from './rewriting';

export type Folders = ReadonlyMap<string, string>;

export function containerMounts(container: Container, folders: Folders, env: Values): readonly Mount[] {
  return (container.volumeMounts ?? []).map(({ name, mountPath, subPath, subPathExpr }) => {
    const volume = folders.get(name);
    if (volume === undefined) {
      throw containerFault('CreateContainerConfigError', `volume "${name}" of container "${container.name}" not found`);
    }
    const path = subPathExpr === undefined ? (subPath ?? '') : expand(subPathExpr, env);
    return { mountPath, folder: path === '' ? volume : subFolder(volume, path, container.name) };
  });
}

/** Where a container leaves its last words; a file for each container of a pod. */
export function terminationLog({ name, terminationMessagePath }: Container, folder: string): Mount {
  const mountPath = terminationMessagePath ?? '/dev/termination-log';
  return { mountPath, folder: join(folder, 'termination', name) };
}

/** A path that is not there yet becomes a folder; a projected file is there already. */
function subFolder(volume: string, path: string, container: string): string {
  try {
    const folder = join(volume, inside(path));
    if (existsSync(folder)) return folder;
    mkdirSync(folder, { recursive: true });
    chmodSync(folder, 0o777);
    return folder;
  } catch {
    const message = `failed to prepare subPath for volumeMount of container "${container}": ${path}`;
    throw containerFault('CreateContainerConfigError', message);
  }
}

/** `HUB_FUNCTIONS_MOUNT_<VOLUME_NAME>` and `HUB_FUNCTIONS_PORT_<PORT>`: for programs that read their own files. */
export function machineHints(pod: Pod, folders: Folders, ports: Readonly<Record<number, number>>): Values {
  const mounts = (pod.spec.volumes ?? []).map(({ name }) => [
    `HUB_FUNCTIONS_MOUNT_${name.toUpperCase().replaceAll(/[^A-Z0-9]/g, '_')}`,
    folders.get(name) ?? '',
  ]);
  const numbers = Object.entries(ports).map(([port, own]) => [`HUB_FUNCTIONS_PORT_${port}`, String(own)]);
  return Object.fromEntries([...mounts, ...numbers]) as Values;
}
