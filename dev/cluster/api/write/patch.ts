// Patching an object: four notations of a change, one way of writing the result.
import type { Answer } from '../answer';
import type { Api } from '../context';
import { fields } from '../json';
import { applyManifest } from '../patch/apply';
import { jsonPatch } from '../patch/jsonPatch';
import { mergeKeysOf } from '../patch/mergeKeys';
import { mergePatch } from '../patch/mergePatch';
import { strategicMerge } from '../patch/strategicMerge';
import { readObject as readCurrent } from '../read/get';
import type { ResourceRequest } from '../request';
import { badRequest, statusError } from '../status';
import { storedType } from '../eventsApi';
import { rendererFor } from '../table/representation';
import { parseBody, readObject } from './body';
import { createFrom } from './create';
import { updateTo } from './update';

type Patch = (target: unknown, patch: unknown, kind: string) => unknown;

const PATCHES: ReadonlyMap<string, Patch> = new Map<string, Patch>([
  ['application/merge-patch+json', mergePatch],
  ['application/json-patch+json', jsonPatch],
  ['application/strategic-merge-patch+json', (target, patch, kind) => strategicMerge(target, patch, mergeKeysOf(kind))],
]);

const APPLY = 'application/apply-patch+yaml';

export function patchObject(api: Api, request: ResourceRequest): Answer {
  const mediaType = (request.headers['content-type'] ?? '').split(';')[0]?.trim() ?? '';
  if (mediaType === APPLY) return applyObject(api, request);
  const patch = PATCHES.get(mediaType);
  if (patch === undefined) throw unsupported(mediaType);
  const result = patch(readCurrent(api, request), parseBody(request), request.target.type.kind);
  const { object, warnings } = readObject(request, fields(result));
  return { status: 200, body: rendererFor(api, request)(updateTo(api, request, object)), warnings };
}

function applyObject(api: Api, request: ResourceRequest): Answer {
  const { target } = request;
  const { object: manifest, warnings } = readObject(request, fields(parseBody(request)));
  const apply = {
    manifest,
    fieldManager: fieldManagerOf(request),
    force: request.query.get('force') === 'true',
    keys: mergeKeysOf(target.type.kind),
    now: api.clock(),
  };
  const render = rendererFor(api, request);
  if (api.store.get(storedType(target.type), target.namespace, target.name) === undefined) {
    const { object } = readObject(request, applyManifest({}, apply));
    return { status: 201, body: render(createFrom(api, request, object)), warnings };
  }
  const { object } = readObject(request, applyManifest(readCurrent(api, request), apply));
  return { status: 200, body: render(updateTo(api, request, object)), warnings };
}

function fieldManagerOf({ query }: ResourceRequest): string {
  const fieldManager = query.get('fieldManager') ?? '';
  if (fieldManager !== '') return fieldManager;
  throw badRequest('PatchOptions.meta.k8s.io "" is invalid: fieldManager: Required value: is required for apply patch');
}

function unsupported(mediaType: string): Error {
  const accepted = [...PATCHES.keys(), APPLY].join(', ');
  const message = `the body of the request was in an unknown format - accepted media types include: ${accepted}`;
  return statusError('UnsupportedMediaType', mediaType === '' ? message : `${message}, not ${mediaType}`, 415);
}
