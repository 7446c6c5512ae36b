// Reading the object that a request carries, and checking that it is the one its path speaks of.
import { parse as parseYaml } from 'yaml';
import type { KubeObject } from '../../../../lib/kube/objects';
import { apiVersionOf } from '../../resources';
import { at, fields, isFields, text, type Fields } from '../json';
import type { ResourceRequest, Target } from '../request';
import { decodeMessage, type Refuse } from '../schema/decode';
import { badRequest, statusError } from '../status';

export interface Body {
  readonly object: KubeObject;
  readonly warnings: readonly string[];
}

/** The body as an object of the path's kind and namespace. */
export function readBody(request: ResourceRequest): Body {
  const body = parseBody(request);
  if (!isFields(body)) throw unreadable(request.target, `json: cannot unmarshal ${typeOf(body)} into Go value`);
  const { name } = request.target;
  if (request.verb === 'update' && text(at(body, 'metadata', 'name')) === '') {
    throw badRequest(`the name of the object (${name} based on URL) was undeterminable: name must be provided`);
  }
  return readObject(request, body, unhandled(request.target));
}

/** Fields that the type does not have are left out: with a warning, an error (Strict) or silently (Ignore). */
export function readObject({ target, query }: ResourceRequest, body: Fields, refuse: Refuse): Body {
  const { kind, group } = target.type;
  const message = group === 'events.k8s.io' ? 'events.Event' : kind;
  const { object, unknown } = decodeMessage(message, addressed(target, body), refuse);
  const faults = unknown.map((path) => `unknown field "${path}"`);
  const validation = query.get('fieldValidation') ?? 'Warn';
  if (validation === 'Strict' && faults.length > 0) throw refuse(`strict decoding error: ${faults.join(', ')}`);
  return { object, warnings: validation === 'Ignore' ? [] : faults };
}

/** How a whole object is refused. */
export function unhandled({ type: { kind, version } }: Target): Refuse {
  return (why) => badRequest(`${kind} in version "${version}" cannot be handled as a ${kind}: ${why}`);
}

export function parseBody({ body, headers, target }: ResourceRequest): unknown {
  const contentType = headers['content-type'] ?? 'application/json';
  if (!/\b(json|yaml)\b/.test(contentType)) throw unsupported();
  try {
    return contentType.includes('yaml') ? parseYaml(body) : JSON.parse(body);
  } catch (error) {
    throw unreadable(target, `json parse error: ${error instanceof Error ? error.message : ''}`);
  }
}

/** The object with the identity of the path; a contradiction is the client's mistake. */
export function addressed(target: Target, body: Fields): KubeObject {
  const { type } = target;
  const expected = apiVersionOf(type);
  const given = { apiVersion: text(body.apiVersion) || expected, kind: text(body.kind) || type.kind };
  if (given.apiVersion !== expected) {
    const versions = `(${given.apiVersion}) does not match the expected API version (${expected})`;
    throw badRequest(`the API version in the data ${versions}`);
  }
  if (given.kind !== type.kind) {
    const message = `${given.kind} in version "${type.version}" cannot be handled as a ${type.kind}: `;
    throw badRequest(`${message}converting (${given.kind}) to (${type.kind}): unknown conversion`);
  }
  checkAddress(target, fields(body.metadata));
  return { ...body, ...given, metadata: identified(target, fields(body.metadata)) };
}

function checkAddress({ type, namespace, name }: Target, metadata: Fields): void {
  if (type.namespaced && text(metadata.namespace) !== '' && metadata.namespace !== namespace) {
    throw badRequest('the namespace of the provided object does not match the namespace sent on the request');
  }
  if (name !== '' && text(metadata.name) !== '' && metadata.name !== name) {
    const names = `(${text(metadata.name)}) does not match the name on the URL (${name})`;
    throw badRequest(`the name of the object ${names}`);
  }
}

function identified({ type, namespace, name }: Target, metadata: Fields): Fields {
  const { namespace: _namespace, ...rest } = metadata;
  return { ...rest, ...(name === '' ? {} : { name }), ...(type.namespaced ? { namespace } : {}) };
}

function unreadable({ type }: Target, why: string): Error {
  const what = `the object provided is unrecognized (must be of type ${type.kind})`;
  return badRequest(`${what}: couldn't get version/kind; ${why}`);
}

function unsupported(): Error {
  const types = 'application/json, application/yaml, application/vnd.kubernetes.protobuf';
  const message = `the body of the request was in an unknown format - accepted media types include: ${types}`;
  return statusError('UnsupportedMediaType', message, 415);
}

function typeOf(value: unknown): string {
  if (Array.isArray(value)) return 'array';
  return value === null ? 'null' : typeof value;
}
