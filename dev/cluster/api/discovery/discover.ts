// Paths that name no resource: what the API offers, its version and its health.
import { apiVersionOf, RESOURCE_TYPES } from '../../resources';
import type { Answer } from '../answer';
import { methodNotAllowed, type ApiRequest } from '../request';
import { failureError } from '../status';
import { openApiDocument, openApiIndex } from './openApi';
import { resourceList } from './resourceList';

export const KUBERNETES_VERSION = 'v1.34.4';

const GROUP_VERSIONS = [...new Set(RESOURCE_TYPES.map(apiVersionOf))];
const NAMED_GROUP_VERSIONS = GROUP_VERSIONS.filter((apiVersion) => apiVersion.includes('/'));

const FIXED: Readonly<Record<string, () => string | object>> = {
  '/healthz': () => 'ok',
  '/livez': () => 'ok',
  '/readyz': () => 'ok',
  '/version': versionInfo,
  '/api': () => ({ kind: 'APIVersions', versions: ['v1'], serverAddressByClientCIDRs: [] }),
  '/apis': () => ({ kind: 'APIGroupList', apiVersion: 'v1', groups: NAMED_GROUP_VERSIONS.map(groupOf) }),
  '/openapi/v3': () => openApiIndex(GROUP_VERSIONS),
};

export function discover({ segments, verb }: ApiRequest): Answer {
  const body = FIXED[`/${segments.join('/')}`]?.() ?? described(segments);
  if (body === undefined) return notFound(segments);
  if (verb !== 'get') throw methodNotAllowed();
  return { status: 200, body };
}

/** Within a known version of a group it is the resource that is missing. */
function notFound([root = '', ...rest]: readonly string[]): Answer {
  const isKnown = [1, 2].some((length) => groupVersionOf([root, ...rest.slice(0, length)]) !== undefined);
  if (!isKnown) return { status: 404, body: '404 page not found\n' };
  throw failureError({
    reason: 'NotFound',
    message: 'the server could not find the requested resource',
    code: 404,
    details: {},
  });
}

function described(segments: readonly string[]): object | undefined {
  const [root, ...rest] = segments;
  if (root === 'openapi' && rest[0] === 'v3') {
    const apiVersion = groupVersionOf(rest.slice(1));
    return apiVersion === undefined ? undefined : openApiDocument(apiVersion, KUBERNETES_VERSION);
  }
  const apiVersion = groupVersionOf(segments);
  if (apiVersion !== undefined) return resourceList(apiVersion);
  const group = NAMED_GROUP_VERSIONS.find((candidate) => candidate.startsWith(`${rest[0]}/`));
  return root === 'apis' && rest.length === 1 && group !== undefined
    ? { kind: 'APIGroup', apiVersion: 'v1', ...groupOf(group) }
    : undefined;
}

/** `api/v1` and `apis/apps/v1` name a version of a group. */
function groupVersionOf([root, ...rest]: readonly string[]): string | undefined {
  const apiVersion = rest.join('/');
  const isKnown = root === (apiVersion === 'v1' ? 'api' : 'apis') && GROUP_VERSIONS.includes(apiVersion);
  return isKnown ? apiVersion : undefined;
}

function groupOf(groupVersion: string): object {
  const [name, version] = groupVersion.split('/');
  const only = { groupVersion, version };
  return { name, versions: [only], preferredVersion: only };
}

function versionInfo(): object {
  const [major, minor] = KUBERNETES_VERSION.slice(1).split('.');
  const { platform, arch } = process;
  return { major, minor, gitVersion: `${KUBERNETES_VERSION}+embedded`, platform: `${platform}/${arch}` };
}
