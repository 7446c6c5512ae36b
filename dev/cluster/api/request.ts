// What a request asks for, read from its method, path and query.
import type { TransportRequest } from '../../../lib/kube/transport';
import { typeOfPlural, type ResourceType } from '../resources';
import { statusError } from './status';

export type Verb = 'get' | 'list' | 'watch' | 'create' | 'update' | 'patch' | 'delete' | 'deletecollection';

export interface ApiRequest {
  readonly verb: Verb;
  /** Path segments, decoded. */
  readonly segments: readonly string[];
  readonly query: URLSearchParams;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly signal: AbortSignal;
  /** Absent for paths that name no resource: discovery, health. */
  readonly target?: Target;
}

export interface Target {
  readonly type: ResourceType;
  /** Empty for cluster-scoped types and across namespaces. */
  readonly namespace: string;
  /** Empty for a collection. */
  readonly name: string;
  /** Empty for the object itself. */
  readonly subresource: string;
}

/** A request whose path names a resource. */
export type ResourceRequest = ApiRequest & { readonly target: Target };

const VERBS: Readonly<Record<string, readonly [collection: Verb, object: Verb]>> = {
  GET: ['list', 'get'],
  HEAD: ['list', 'get'],
  POST: ['create', 'create'],
  PUT: ['update', 'update'],
  PATCH: ['patch', 'patch'],
  DELETE: ['deletecollection', 'delete'],
};

export function parseRequest(request: TransportRequest): ApiRequest {
  const [path = '', ...search] = request.path.split('?');
  const query = new URLSearchParams(search.join('?'));
  const segments = path.split('/').filter(Boolean).map(decodeURIComponent);
  const target = parseTarget(segments);
  const { headers, body = '', signal } = request;
  const common = { segments, query, headers, body, signal };
  const verb = verbOf(request.method, query, target);
  return target === undefined ? { ...common, verb } : { ...common, verb, target };
}

export function isResourceRequest(request: ApiRequest): request is ResourceRequest {
  return request.target !== undefined;
}

/** `pods`, `pods/log`, or the path of what is no resource. */
export function resourceOf({ target, segments }: ApiRequest): string {
  if (target === undefined) return `/${segments.join('/')}`;
  return target.subresource === '' ? target.type.plural : `${target.type.plural}/${target.subresource}`;
}

function verbOf(method: string, query: URLSearchParams, target: Target | undefined): Verb {
  const [collection, object] = VERBS[method] ?? [];
  if (collection === undefined || object === undefined) throw methodNotAllowed();
  if (target === undefined || target.name !== '') return object;
  const watches = ['true', '1'].includes(query.get('watch') ?? '');
  return collection === 'list' && watches ? 'watch' : collection;
}

export function methodNotAllowed(): Error {
  return statusError('MethodNotAllowed', 'the server does not allow this method on the requested resource', 405);
}

function parseTarget([root, ...rest]: readonly string[]): Target | undefined {
  if (root === 'api' && rest[0] === 'v1') return targetIn('v1', rest.slice(1));
  const [group = '', version = '', ...inner] = rest;
  return root === 'apis' ? targetIn(`${group}/${version}`, inner) : undefined;
}

function targetIn(apiVersion: string, path: readonly string[]): Target | undefined {
  const [first = '', namespace = '', plural = '', ...rest] = path;
  const inner = first === 'namespaces' ? typeOfPlural(apiVersion, plural) : undefined;
  if (inner?.namespaced) return toTarget(inner, namespace, rest);
  const type = typeOfPlural(apiVersion, first);
  const isCollection = path.length === 1;
  return type !== undefined && (isCollection || !type.namespaced) ? toTarget(type, '', path.slice(1)) : undefined;
}

function toTarget(type: ResourceType, namespace: string, path: readonly string[]): Target | undefined {
  const [name = '', subresource = '', ...rest] = path;
  const known = subresource === '' || type.subresources.includes(subresource);
  return known && rest.length === 0 ? { type, namespace, name, subresource } : undefined;
}
