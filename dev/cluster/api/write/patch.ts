// Patching an object: four notations of a change, one way of writing the result.
import type { KubeObject } from '../../../../lib/kube/objects';
import type { Answer } from '../answer';
import type { Api } from '../context';
import { at, fields, isFields, text, type Fields } from '../json';
import { applyManifest } from '../patch/apply';
import { jsonPatch } from '../patch/jsonPatch';
import { mergeKeysOf } from '../patch/mergeKeys';
import { mergePatch } from '../patch/mergePatch';
import { strategicMerge } from '../patch/strategicMerge';
import { readObject as readCurrent } from '../read/get';
import type { ResourceRequest } from '../request';
import { badRequest, invalid, invalidOptions, statusError } from '../status';
import type { Refuse } from '../schema/decode';
import { forbiddenField, immutable, invalidValue, required } from '../validation/fault';
import { storedType } from '../eventsApi';
import { rendererFor } from '../table/representation';
import { parseBody, readObject, unhandled } from './body';
import { createFrom } from './create';
import { updateTo } from './update';

type Patch = (target: unknown, patch: unknown, kind: string) => unknown;

const PATCHES: ReadonlyMap<string, Patch> = new Map<string, Patch>([
  ['application/merge-patch+json', (target, patch) => mergePatch(target, mapping(patch))],
  ['application/json-patch+json', jsonPatch],
  [
    'application/strategic-merge-patch+json',
    (target, patch, kind) => strategicMerge(target, mapping(patch), mergeKeysOf(kind)),
  ],
]);

const FORCE_FAULT = forbiddenField('force', 'may not be specified for non-apply patch');
const APPLY = 'application/apply-patch+yaml';

export function patchObject(api: Api, request: ResourceRequest): Answer {
  const mediaType = (request.headers['content-type'] ?? '').split(';')[0]?.trim() ?? '';
  if (mediaType === APPLY) return applyObject(api, request);
  const patch = PATCHES.get(mediaType);
  if (patch === undefined) throw statusError('UnsupportedMediaType', '415: Unsupported Media Type', 415);
  if (request.query.has('force')) throw invalidOptions('PatchOptions', FORCE_FAULT);
  const current = readCurrent(api, request);
  const result = fields(patch(current, parsePatch(request), request.target.type.kind));
  refuseOtherUid(request, current, result);
  const { object, warnings } = readObject(request, result, refusePatched(result));
  return { status: 200, body: rendererFor(api, request)(updateTo(api, request, object)), warnings };
}

/** Lists are for JSON Patch, which looks for itself. */
function parsePatch({ body }: ResourceRequest): unknown {
  try {
    return JSON.parse(body);
  } catch (error) {
    throw badRequest(`error decoding patch: ${error instanceof Error ? error.message : ''}`);
  }
}

function mapping(patch: unknown): Fields {
  if (isFields(patch)) return patch;
  throw badRequest('error decoding patch: json: cannot unmarshal array into Go value of type map[string]interface {}');
}

function refuseOtherUid({ target }: ResourceRequest, current: KubeObject, result: Fields): void {
  const uid = at(result, 'metadata', 'uid');
  if (uid === undefined || uid === current.metadata?.uid) return;
  throw invalid(target.type, target.name, [immutable('metadata.uid', uid)]);
}

function refusePatched(result: Fields): Refuse {
  return (why) => invalid({ group: '', kind: '' }, '', [invalidValue('patch', JSON.stringify(result), why)]);
}

function applyObject(api: Api, request: ResourceRequest): Answer {
  const { target } = request;
  const { object: manifest, warnings } = readObject(request, parseManifest(request), unhandled(target));
  const apply = {
    manifest,
    fieldManager: fieldManagerOf(request),
    force: request.query.get('force') === 'true',
    keys: mergeKeysOf(target.type.kind),
    now: api.clock(),
  };
  const render = rendererFor(api, request);
  if (api.store.get(storedType(target.type), target.namespace, target.name) === undefined) {
    const { object } = readObject(request, applyManifest({}, apply), unhandled(target));
    return { status: 201, body: render(createFrom(api, request, object)), warnings };
  }
  const { object } = readObject(request, applyManifest(readCurrent(api, request), apply), unhandled(target));
  return { status: 200, body: render(updateTo(api, request, object)), warnings };
}

function parseManifest(request: ResourceRequest): Fields {
  const manifest = fields(parseBody(request));
  const [apiVersion, kind] = [text(manifest.apiVersion), text(manifest.kind)];
  const groupVersion = apiVersion.includes('/') ? apiVersion : `/${apiVersion}`;
  if (apiVersion === '' || kind === '') throw badRequest(`invalid object type: ${groupVersion}, Kind=${kind}`);
  if (at(manifest, 'metadata', 'managedFields') === undefined) return manifest;
  throw badRequest('metadata.managedFields must be nil');
}

function fieldManagerOf({ query }: ResourceRequest): string {
  const fieldManager = query.get('fieldManager') ?? '';
  if (fieldManager !== '') return fieldManager;
  throw invalidOptions('PatchOptions', required('fieldManager', 'is required for apply patch'));
}
