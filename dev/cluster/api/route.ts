// Which handler answers a request for a resource.
import type { Answer } from './answer';
import type { Api } from './context';
import { getObject, listObjects } from './read/get';
import { watchObjects } from './read/watch';
import { methodNotAllowed, type ResourceRequest, type Verb } from './request';
import { evictPod } from './subresources/eviction';
import { readLog } from './subresources/log';
import { readScale, writeScale } from './subresources/scale';
import { reviewAccess } from './subresources/review';
import { createObject } from './write/create';
import { deleteCollection, deleteObject } from './write/delete';
import { patchObject } from './write/patch';
import { updateObject } from './write/update';

type Handler = (api: Api, request: ResourceRequest) => Answer | Promise<Answer>;
type Handlers = Readonly<Partial<Record<Verb, Handler>>>;

const OBJECTS: Handlers = {
  get: getObject,
  list: listObjects,
  watch: watchObjects,
  create: createObject,
  update: updateObject,
  patch: patchObject,
  delete: deleteObject,
  deletecollection: deleteCollection,
};

const STATUS: Handlers = { get: getObject, update: updateObject, patch: patchObject };

const SUBRESOURCES: Readonly<Record<string, Handlers>> = {
  status: STATUS,
  finalize: { update: updateObject },
  scale: { get: readScale, update: writeScale, patch: writeScale },
  log: { get: readLog },
  eviction: { create: evictPod },
};

const REVIEWS: Handlers = { create: reviewAccess };

export async function route(api: Api, request: ResourceRequest): Promise<Answer> {
  const handler = handlersOf(request)[request.verb];
  if (handler === undefined || !isAddressed(request)) throw methodNotAllowed();
  return await handler(api, request);
}

function handlersOf({ target }: ResourceRequest): Handlers {
  if (target.type.kind === 'SelfSubjectAccessReview') return REVIEWS;
  return target.subresource === '' ? OBJECTS : (SUBRESOURCES[target.subresource] ?? {});
}

/** Objects are made in a collection of one namespace, and only subresources of an object may be posted to. */
function isAddressed({ verb, target }: ResourceRequest): boolean {
  const needsNamespace = verb === 'create' || verb === 'deletecollection' || target.name !== '';
  if (needsNamespace && target.type.namespaced && target.namespace === '') return false;
  if (verb === 'update' || verb === 'patch') return target.name !== '';
  return verb !== 'create' || (target.name === '') === (target.subresource === '');
}
