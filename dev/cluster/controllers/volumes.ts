// Binds claims: each gets a volume of its own, a folder that the kubelet keeps, or the volume that it names.
import type { KubeObject } from '../../../lib/kube/objects';
import type { StoreEvent } from '../store';
import { PERSISTENT_VOLUME_CLAIMS, PERSISTENT_VOLUMES, type Client } from './client';
import { keyOf, parseKey } from './ownership';
import type { Controller } from './reconcile';
import type { ControllerContext } from './replicaSets';
import type { PersistentVolume, PersistentVolumeClaim } from './wire';

export const STORAGE_CLASS = 'standard';
/** The driver of volumes that are folders: its volumeHandle is `namespace/claim`, which is where they are. */
export const FOLDER_DRIVER = 'folder.embedded.hub-functions';

export function volumes(context: ControllerContext): Controller {
  const { client } = context;
  return {
    name: 'persistentvolume',
    keysOf: claimKeys,
    reconcile: (key) => {
      const { namespace, name } = parseKey(key);
      const claim = client.get(PERSISTENT_VOLUME_CLAIMS, namespace, name);
      releaseVolumes(client, key, claim);
      if (claim === undefined || claim.metadata.deletionTimestamp || claim.status?.phase === 'Bound') return;
      const volume = claim.spec.volumeName ? namedVolume(client, claim) : provision(context, claim);
      if (volume !== undefined) bind(client, claim, volume);
    },
  };
}

function claimKeys({ object }: StoreEvent): readonly string[] {
  if (object.kind === 'PersistentVolumeClaim') return [keyOf(object)];
  if (object.kind !== 'PersistentVolume') return [];
  const { claimRef } = (object.spec ?? {}) as PersistentVolume['spec'];
  return claimRef === undefined ? [] : [`${claimRef.namespace ?? ''}/${claimRef.name ?? ''}`];
}

function namedVolume(client: Client, { metadata, spec }: PersistentVolumeClaim): PersistentVolume | undefined {
  const volume = client.get(PERSISTENT_VOLUMES, '', spec.volumeName ?? '');
  const { claimRef } = volume?.spec ?? {};
  const isFree =
    claimRef === undefined || (claimRef.name === metadata.name && claimRef.namespace === metadata.namespace);
  return isFree ? volume : undefined;
}

function provision({ client, record }: ControllerContext, claim: PersistentVolumeClaim): PersistentVolume | undefined {
  const { storageClassName = STORAGE_CLASS } = claim.spec;
  if (storageClassName === '') return undefined;
  if (storageClassName !== STORAGE_CLASS) {
    const message = `storageclass.storage.k8s.io "${storageClassName}" not found`;
    record(claim, { type: 'Warning', reason: 'ProvisioningFailed', message });
    return undefined;
  }
  const name = `pvc-${claim.metadata.uid}`;
  const existing = client.get(PERSISTENT_VOLUMES, '', name);
  if (existing !== undefined) return existing;
  const volume = client.create(PERSISTENT_VOLUMES, folderVolume(name, claim, freeHandle(client, claim)));
  const message = `Successfully provisioned volume ${name}`;
  record(claim, { type: 'Normal', reason: 'ProvisioningSucceeded', message });
  return volume;
}

/** A volume may outlive its claim: what is in it is no business of the next claim of that name. */
function freeHandle(client: Client, { metadata }: PersistentVolumeClaim): string {
  const handle = `${metadata.namespace}/${metadata.name}`;
  const isTaken = client.list(PERSISTENT_VOLUMES).some(({ spec }) => spec.csi?.volumeHandle === handle);
  return isTaken ? `${handle}.${metadata.uid}` : handle;
}

function folderVolume(name: string, { spec }: PersistentVolumeClaim, volumeHandle: string): KubeObject {
  return {
    metadata: { name },
    spec: {
      accessModes: spec.accessModes,
      capacity: spec.resources?.requests,
      storageClassName: STORAGE_CLASS,
      persistentVolumeReclaimPolicy: 'Delete',
      volumeMode: 'Filesystem',
      csi: { driver: FOLDER_DRIVER, volumeHandle },
    },
    status: { phase: 'Available' },
  };
}

function bind(client: Client, claim: PersistentVolumeClaim, volume: PersistentVolume): void {
  const { name, namespace, uid, resourceVersion } = claim.metadata;
  const claimRef = { apiVersion: 'v1', kind: 'PersistentVolumeClaim', name, namespace, uid, resourceVersion };
  client.modify(PERSISTENT_VOLUMES, volume, (latest) => ({
    ...latest,
    spec: { ...latest.spec, claimRef: latest.spec.claimRef?.uid === uid ? latest.spec.claimRef : claimRef },
    status: { ...latest.status, phase: 'Bound' },
  }));
  const { capacity, accessModes, storageClassName } = volume.spec;
  client.modify(PERSISTENT_VOLUME_CLAIMS, claim, (latest) => ({
    ...latest,
    spec: { ...latest.spec, storageClassName, volumeName: volume.metadata.name },
    status: { ...latest.status, phase: 'Bound', capacity, accessModes },
  }));
}

/** A volume whose claim is gone is removed or kept, as its reclaim policy says. */
function releaseVolumes(client: Client, key: string, claim: PersistentVolumeClaim | undefined): void {
  for (const volume of client.list(PERSISTENT_VOLUMES)) {
    const { claimRef, persistentVolumeReclaimPolicy } = volume.spec;
    const isMeant = claimRef?.uid !== undefined && `${claimRef.namespace}/${claimRef.name}` === key;
    if (!isMeant || claimRef.uid === claim?.metadata.uid) continue;
    if (persistentVolumeReclaimPolicy === 'Delete') client.remove(PERSISTENT_VOLUMES.type, volume);
    else client.modify(PERSISTENT_VOLUMES, volume, (latest) => ({ ...latest, status: { phase: 'Released' } }));
  }
}
