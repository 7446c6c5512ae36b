// The scale of a workload: its replicas, without the rest of it.
import type { KubeObject } from '../../../../lib/kube/objects';
import type { Answer } from '../answer';
import type { Api } from '../context';
import { at, count, fields } from '../json';
import { mergePatch } from '../patch/mergePatch';
import { jsonPatch } from '../patch/jsonPatch';
import { readObject } from '../read/get';
import type { ResourceRequest } from '../request';
import { invalid } from '../status';
import { pairs } from '../table/column';
import { parseBody } from '../write/body';
import { updateTo } from '../write/update';

export function readScale(api: Api, request: ResourceRequest): Answer {
  return { status: 200, body: scaleOf(readObject(api, request)) };
}

/** PUT of a Scale, or a patch of it. */
export function writeScale(api: Api, request: ResourceRequest): Answer {
  const object = readObject(api, request);
  const body = parseBody(request);
  const scale = request.verb === 'update' ? body : patched(scaleOf(object), body);
  const replicas = count(at(scale, 'spec', 'replicas'));
  if (replicas < 0) throw invalid(request.target.type, request.target.name, [negative(replicas)]);
  const expected = at(scale, 'metadata', 'resourceVersion');
  const metadata = { ...object.metadata, ...(typeof expected === 'string' ? { resourceVersion: expected } : {}) };
  const spec = { ...fields(object.spec), replicas };
  const target = { ...request.target, subresource: '' };
  return { status: 200, body: scaleOf(updateTo(api, { ...request, target }, { ...object, metadata, spec })) };
}

function patched(scale: object, patch: unknown): unknown {
  return Array.isArray(patch) ? jsonPatch(scale, patch) : mergePatch(scale, patch);
}

function scaleOf(object: KubeObject): object {
  const { name, namespace, uid, resourceVersion, creationTimestamp } = object.metadata ?? {};
  const selector = at(object.spec, 'selector', 'matchLabels') ?? at(object.spec, 'selector');
  return {
    kind: 'Scale',
    apiVersion: 'autoscaling/v1',
    metadata: { name, namespace, uid, resourceVersion, creationTimestamp },
    spec: { replicas: count(at(object.spec, 'replicas')) },
    status: { replicas: count(at(object.status, 'replicas')), selector: pairs(selector, '') },
  };
}

function negative(replicas: number): { reason: string; message: string; field: string } {
  const message = `Invalid value: ${replicas}: must be greater than or equal to 0`;
  return { reason: 'FieldValueInvalid', message, field: 'spec.replicas' };
}
