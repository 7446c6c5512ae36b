// Reading one object or a list of them.
import type { KubeObject } from '../../../../lib/kube/objects';
import { apiVersionOf } from '../../resources';
import type { Answer } from '../answer';
import type { Api } from '../context';
import { storedType, toServed } from '../eventsApi';
import { isFields } from '../json';
import type { ResourceRequest } from '../request';
import { badRequest, notFound } from '../status';
import { metadataOfList, rendererFor, tableOfList, wantsMetadata, wantsTable } from '../table/representation';
import { listMetadata, type Page } from './paging';
import { selectionOf } from './selection';
import { checkListVersion, checkVersion } from './versions';

/** The object as it is served, in the spelling of the requested API version. */
export function readObject({ store }: Api, { target }: ResourceRequest): KubeObject {
  const object = store.get(storedType(target.type), target.namespace, target.name);
  if (object === undefined) throw notFound(target.type, target.name);
  return toServed(target.type, object);
}

export function getObject(api: Api, request: ResourceRequest): Answer {
  checkVersion(request.query, api.store.resourceVersion);
  return { status: 200, body: rendererFor(api, request)(readObject(api, request)) };
}

export function listObjects(api: Api, request: ResourceRequest): Answer {
  const { target } = request;
  const page = readPage(api, request);
  const served = { ...page, items: page.items.map((object) => toServed(target.type, object)) };
  if (wantsTable(request)) return { status: 200, body: tableOfList(api, request, served) };
  if (wantsMetadata(request)) return { status: 200, body: metadataOfList(served) };
  const body = {
    kind: `${target.type.kind}List`,
    apiVersion: apiVersionOf(target.type),
    metadata: listMetadata(page),
    items: served.items.map(withoutIdentity),
  };
  return { status: 200, body };
}

function readPage({ store, pager }: Api, request: ResourceRequest): Page {
  const { target, query } = request;
  const type = storedType(target.type);
  const version = query.get('resourceVersion') ?? '';
  checkListVersion(request, store.resourceVersion);
  const continueToken = query.get('continue') ?? '';
  const pageRequest = {
    ...selectionOf(request),
    scope: `${type.group}/${type.plural}/${target.namespace}`,
    // the real server answers version 0 from its cache, which knows no pages
    limit: version === '0' && continueToken === '' ? 0 : limitOf(query),
    continueToken,
  };
  const objects = store.list(type, target.namespace || undefined);
  return pager.page(pageRequest, { objects, resourceVersion: store.resourceVersion });
}

/** A negative limit is none. */
function limitOf(query: URLSearchParams): number {
  const limit = query.get('limit') || '0';
  if (!/^-?\d+$/.test(limit)) throw badRequest(`strconv.ParseInt: parsing "${limit}": invalid syntax`);
  return Math.max(0, Number(limit));
}

/** Items of a list carry no kind of their own: the list's says it. */
function withoutIdentity(object: object): object {
  if (!isFields(object)) return object;
  const { kind: _kind, apiVersion: _apiVersion, ...rest } = object;
  return rest;
}
