// A pod's volumes as folders of this machine.
import { chmodSync, mkdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { PERSISTENT_VOLUME_CLAIMS, PERSISTENT_VOLUMES, type Client } from '../controllers/client';
import { FOLDER_DRIVER } from '../controllers/volumes';
import type { PersistentVolume, Pod } from '../controllers/wire';
import { inside, projectedFiles, type Volume } from './projectedFiles';
import { writeProjection } from './projection';

export interface VolumeContext {
  readonly client: Client;
  readonly pod: Pod;
  /** Folder of this pod. */
  readonly folder: string;
  readonly stateDir: string;
}

/** Volume name → folder. Throws what a FailedMount event tells; may be repeated to bring files up to date. */
export function setUpVolumes(context: VolumeContext): ReadonlyMap<string, string> {
  const volumes = mountedVolumes(context.pod.spec);
  return new Map(volumes.map((volume) => [volume.name, setUpVolume(volume, context)]));
}

/** Others are let be, whatever they are. */
function mountedVolumes({ volumes = [], containers, initContainers = [] }: Pod['spec']): readonly Volume[] {
  const mounts = [...initContainers, ...containers].flatMap(({ volumeMounts = [] }) => volumeMounts);
  const names = new Set(mounts.map(({ name }) => name));
  return volumes.filter(({ name }) => names.has(name));
}

function setUpVolume(volume: Volume, context: VolumeContext): string {
  try {
    const folder = join(context.folder, 'volumes', volume.name);
    const files = projectedFiles(volume, context);
    if (files !== undefined) writeProjection(folder, files);
    else if (volume.emptyDir) makeShared(folder);
    else if (volume.persistentVolumeClaim) return claimFolder(volume.persistentVolumeClaim.claimName, context);
    else throw new Error(`${kindOf(volume)} volumes are refused by the embedded cluster`);
    return folder;
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new Error(`MountVolume.SetUp failed for volume "${volume.name}" : ${why}`, { cause: error });
  }
}

function kindOf(volume: Volume): string {
  return Object.keys(volume).find((key) => key !== 'name') ?? 'unnamed';
}

const SHARED = 0o777;

/** Containers may run as other users than the kubelet. What is so already keeps its time of change. */
function makeShared(folder: string): void {
  mkdirSync(folder, { recursive: true });
  if ((statSync(folder).mode & SHARED) !== SHARED) chmodSync(folder, SHARED);
}

function claimFolder(name: string, { client, pod, stateDir }: VolumeContext): string {
  const claim = client.get(PERSISTENT_VOLUME_CLAIMS, pod.metadata.namespace, name);
  if (claim === undefined) throw new Error(`persistentvolumeclaim "${name}" not found`);
  const volume = client.get(PERSISTENT_VOLUMES, '', claim.spec.volumeName ?? '');
  const folder = volume && volumeFolder(stateDir, volume);
  if (folder === undefined) throw new Error(`persistentvolumeclaim "${name}" is not bound to a folder`);
  makeShared(folder);
  return folder;
}

/** Folders are named after their claims, so that they are found again when the cluster starts anew. */
function volumeFolder(stateDir: string, { spec }: PersistentVolume): string | undefined {
  if (spec.csi?.driver !== FOLDER_DRIVER) return undefined;
  return join(stateDir, 'volumes', inside(spec.csi.volumeHandle));
}

/** What a removed volume held goes with it, as its reclaim policy says. */
export function reclaimVolume(stateDir: string, volume: PersistentVolume): void {
  const folder = volumeFolder(stateDir, volume);
  if (folder === undefined || volume.spec.persistentVolumeReclaimPolicy !== 'Delete') return;
  rmSync(folder, { recursive: true, force: true });
}
