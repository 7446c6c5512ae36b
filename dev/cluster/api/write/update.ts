// Replacing an object, or one part of it.
import type { KubeObject } from '../../../../lib/kube/objects';
import type { Answer } from '../answer';
import type { Api } from '../context';
import { keepAllocated } from '../defaults/allocated';
import { setDefaults } from '../defaults/defaults';
import { storedType, toServed, toStored } from '../eventsApi';
import type { ResourceRequest, Target } from '../request';
import { notFound } from '../status';
import { rendererFor } from '../table/representation';
import { validateUpdate } from '../validation/validate';
import { readBody } from './body';
import { writerOf } from './dryRun';

export function updateObject(api: Api, request: ResourceRequest): Answer {
  const { object, warnings } = readBody(request);
  return { status: 200, body: rendererFor(api, request)(updateTo(api, request, object)), warnings };
}

/** Answers the object as it is served. */
export function updateTo(api: Api, request: ResourceRequest, given: KubeObject): KubeObject {
  const { target } = request;
  const type = storedType(target.type);
  const current = api.store.get(type, target.namespace, target.name);
  if (current === undefined) throw notFound(target.type, target.name);
  const object = setDefaults(type, keepAllocated(current, toStored(target.type, given)), api.store);
  if (target.subresource !== 'status') validateUpdate(type, current, object);
  return toServed(target.type, writerOf(api, request).update(type, object, partOf(target)));
}

function partOf({ type, subresource }: Target): 'spec' | 'status' | undefined {
  if (subresource === 'status') return 'status';
  return type.subresources.includes('status') ? 'spec' : undefined;
}
