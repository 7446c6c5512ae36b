// As much OpenAPI v3 as kubectl asks for before it writes: which parameters each kind's PATCH understands.
import { createHash } from 'node:crypto';
import { apiVersionOf, RESOURCE_TYPES, type ResourceType } from '../../resources';

const PATCH_PARAMETERS = ['dryRun', 'fieldManager', 'fieldValidation', 'force'];

export function openApiIndex(apiVersions: readonly string[]): object {
  const entries = apiVersions.map((apiVersion) => [rootOf(apiVersion), { serverRelativeURL: urlOf(apiVersion) }]);
  return { paths: Object.fromEntries(entries) as object };
}

export function openApiDocument(apiVersion: string, version: string): object {
  const types = RESOURCE_TYPES.filter((type) => apiVersionOf(type) === apiVersion);
  const paths = types.map((type) => [pathOf(type), { patch: patchOperation(type) }]);
  return { openapi: '3.0.0', info: { title: 'Kubernetes', version }, paths: Object.fromEntries(paths) as object };
}

function rootOf(apiVersion: string): string {
  return apiVersion.includes('/') ? `apis/${apiVersion}` : `api/${apiVersion}`;
}

/** Clients cache a document by its hash; it changes with the kinds. */
function urlOf(apiVersion: string): string {
  const kinds = RESOURCE_TYPES.filter((type) => apiVersionOf(type) === apiVersion).map(({ kind }) => kind);
  const hash = createHash('sha256').update(kinds.join()).digest('hex').slice(0, 32);
  return `/openapi/v3/${rootOf(apiVersion)}?hash=${hash}`;
}

function pathOf(type: ResourceType): string {
  const scope = type.namespaced ? 'namespaces/{namespace}/' : '';
  return `/${rootOf(apiVersionOf(type))}/${scope}${type.plural}/{name}`;
}

function patchOperation({ group, version, kind }: ResourceType): object {
  return {
    'x-kubernetes-action': 'patch',
    'x-kubernetes-group-version-kind': { group, version, kind },
    parameters: PATCH_PARAMETERS.map((name) => ({ name, in: 'query', schema: { type: 'string' } })),
    responses: { 200: { description: 'OK' } },
  };
}
