// Deleting one object or a selection of them.
import type { KubeObject } from '../../../../lib/kube/objects';
import { apiVersionOf, type ResourceType } from '../../resources';
import type { RemoveOptions } from '../../storage/decideRemove';
import type { Answer } from '../answer';
import type { Api } from '../context';
import { storedType, toServed } from '../eventsApi';
import { at, count, fields, optional, text, type Fields } from '../json';
import { selectionOf } from '../read/selection';
import type { ResourceRequest } from '../request';
import { invalidOptions, notFound, statusError } from '../status';
import { invalidValue, notSupported } from '../validation/fault';
import { parseBody } from './body';
import { writerOf } from './dryRun';

const POLICIES = ['Background', 'Foreground', 'Orphan'] as const;

/** Kinds whose deletion answers the object even when it is gone at once. */
const ANSWERED_WHOLE = new Set([
  'Pod',
  'PersistentVolume',
  'PersistentVolumeClaim',
  'ResourceQuota',
  'Service',
  'ServiceAccount',
]);

const JOB_WARNING =
  'child pods are preserved by default when jobs are deleted; set propagationPolicy=Background to remove them or ' +
  'set propagationPolicy=Orphan to suppress this warning';

export function deleteObject(api: Api, request: ResourceRequest): Answer {
  const { target } = request;
  const { options, warnings } = readOptions(request);
  const type = storedType(target.type);
  if (api.store.get(type, target.namespace, target.name) === undefined) throw notFound(target.type, target.name);
  const left = writerOf(api, request).remove(type, target.namespace, target.name, options);
  const isGone = api.store.get(type, target.namespace, target.name) === undefined;
  const body = isGone && !ANSWERED_WHOLE.has(type.kind) ? success(target.type, left) : toServed(target.type, left);
  return { status: 200, body, warnings };
}

/** Answers the deleted objects as a list. */
export function deleteCollection(api: Api, request: ResourceRequest): Answer {
  const { target } = request;
  const { options, warnings } = readOptions(request);
  const type = storedType(target.type);
  const writer = writerOf(api, request);
  const { matches } = selectionOf(request);
  const items = api.store
    .list(type, target.namespace || undefined)
    .filter(matches)
    .map((object) => writer.remove(type, object.metadata?.namespace ?? '', object.metadata?.name ?? '', options))
    .map((object) => toServed(target.type, object));
  const metadata = { resourceVersion: String(api.store.resourceVersion) };
  const list = { kind: `${target.type.kind}List`, apiVersion: apiVersionOf(target.type), metadata, items };
  return { status: 200, body: list, warnings };
}

/** DeleteOptions from the body, else from the query. */
function readOptions(request: ResourceRequest): { options: RemoveOptions; warnings: readonly string[] } {
  const given = givenOptions(request);
  const policy = policyOf(given);
  const preserves = policy === undefined && request.target.type.kind === 'Job';
  const options = {
    ...optional('uid', text(at(given, 'preconditions', 'uid')) || undefined),
    ...optional('resourceVersion', text(at(given, 'preconditions', 'resourceVersion')) || undefined),
    ...(given.gracePeriodSeconds === undefined ? {} : { gracePeriodSeconds: count(given.gracePeriodSeconds) }),
    propagationPolicy: policy ?? (preserves ? 'Orphan' : 'Background'),
  };
  return { options, warnings: preserves ? [JOB_WARNING] : [] };
}

function givenOptions(request: ResourceRequest): Fields {
  const body = request.body === '' ? {} : fields(parseBody(request));
  const kind = text(body.kind) || 'DeleteOptions';
  if (kind !== 'DeleteOptions') throw statusError('', `no kind "${kind}" is registered for deletion`, 500);
  return Object.keys(body).length === 0 ? optionsOfQuery(request.query) : body;
}

function optionsOfQuery(query: URLSearchParams): Fields {
  const grace = query.get('gracePeriodSeconds');
  return {
    ...optional('gracePeriodSeconds', grace === null ? undefined : Number(grace)),
    ...optional('propagationPolicy', query.get('propagationPolicy') ?? undefined),
    ...optional('orphanDependents', query.get('orphanDependents') ?? undefined),
  };
}

function policyOf({ propagationPolicy, orphanDependents }: Fields): (typeof POLICIES)[number] | undefined {
  const isGiven = propagationPolicy !== undefined && propagationPolicy !== null;
  if (isGiven && orphanDependents !== undefined) {
    const why = 'orphanDependents and deletionPropagation cannot be both set';
    throw invalidOptions('DeleteOptions', invalidValue('propagationPolicy', propagationPolicy, why));
  }
  if (orphanDependents === true || orphanDependents === 'true') return 'Orphan';
  if (!isGiven) return undefined;
  const policy = POLICIES.find((known) => known === propagationPolicy);
  if (policy !== undefined) return policy;
  const supported = ['Foreground', 'Background', 'Orphan', 'nil'];
  throw invalidOptions('DeleteOptions', notSupported('propagationPolicy', propagationPolicy, supported));
}

function success(type: ResourceType, object: KubeObject): object {
  const { name = '', uid = '' } = object.metadata ?? {};
  const details = { name, ...(type.group === '' ? {} : { group: type.group }), kind: type.plural, uid };
  return { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', details };
}
