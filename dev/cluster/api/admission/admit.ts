// What stands between a request to create and the store: defaults, namespace, validation, quota.
import { randomUUID } from 'node:crypto';
import type { KubeObject } from '../../../../lib/kube/objects';
import type { ResourceType } from '../../resources';
import { generatedName } from '../../storage/metadata';
import type { Store } from '../../store';
import { setDefaults } from '../defaults/defaults';
import { validateCreate } from '../validation/validate';
import { statusError } from '../status';
import { admitNamespace } from './namespace';
import { admitPod } from './pod';
import { admitQuota } from './quota';

/** The object as it may be stored; throws what the real server would answer. */
export function admit(store: Store, type: ResourceType, given: KubeObject): KubeObject {
  const object = setDefaults(type, withIdentity(given), store);
  admitNamespace(store, type, object);
  if (type.kind === 'Pod') admitPod(store, type, object);
  validateCreate(type, object);
  admitQuota(store, type, object);
  return object;
}

/** Name and uid come first: defaults refer to them. */
function withIdentity(object: KubeObject): KubeObject {
  const { metadata = {} } = object;
  if (metadata.resourceVersion)
    throw statusError('', 'resourceVersion should not be set on objects to be created', 500);
  const name = metadata.name || (metadata.generateName ? generatedName(metadata.generateName) : '');
  return { ...object, metadata: { ...metadata, name, uid: randomUUID() } };
}
