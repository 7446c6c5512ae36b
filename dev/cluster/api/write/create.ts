// Creating an object.
import type { KubeObject } from '../../../../lib/kube/objects';
import { admit } from '../admission/admit';
import type { Answer } from '../answer';
import type { Api } from '../context';
import { storedType, toServed, toStored } from '../eventsApi';
import type { ResourceRequest } from '../request';
import { rendererFor } from '../table/representation';
import { readBody } from './body';
import { writerOf } from './dryRun';

export function createObject(api: Api, request: ResourceRequest): Answer {
  const { object, warnings } = readBody(request);
  return { status: 201, body: rendererFor(api, request)(createFrom(api, request, object)), warnings };
}

/** Answers the object as it is served. */
export function createFrom(api: Api, request: ResourceRequest, given: KubeObject): KubeObject {
  const { type } = request.target;
  const object = admit(api.store, storedType(type), toStored(type, given));
  return toServed(type, writerOf(api, request).create(storedType(type), object));
}
