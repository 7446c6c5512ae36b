// Finds the resource a path names: with or without trailing slash, with or without format suffix, never by redirect.
import type { Method, Route } from './route';

/** All routes of one path. */
export interface Resource {
  readonly segments: readonly string[];
  readonly routes: ReadonlyMap<string, Route>;
  /** What guards a method that the resource does not have. */
  readonly first: Route;
  readonly allow: string;
}

export interface Match {
  readonly resource: Resource;
  readonly path: string;
  readonly params: Readonly<Record<string, string>>;
  /** `json` of `/api/services.json`. */
  readonly suffix?: string;
}

export type Router = (path: string) => Match | undefined;

const METHODS: readonly Method[] = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'];
const SUFFIXED = /^([^.]+)\.([a-z0-9]+)$/;
const LOOKUP = /^[^/.]+$/;

export function createRouter(routes: readonly Route[]): Router {
  const resources = resourcesOf(routes);
  return (path) => {
    if (!path.startsWith('/')) return undefined;
    const segments = splitPath(path);
    return find(resources, segments) ?? findSuffixed(resources, segments);
  };
}

function resourcesOf(routes: readonly Route[]): readonly Resource[] {
  const byPath = new Map<string, [Route, ...Route[]]>();
  for (const route of routes) {
    const key = splitPath(route.path).join('/');
    const known = byPath.get(key);
    if (known) known.push(route);
    else byPath.set(key, [route]);
  }
  return [...byPath.values()].map(resourceOf).sort(literalsFirst);
}

function resourceOf(routes: readonly [Route, ...Route[]]): Resource {
  const byMethod = new Map(routes.map((route) => [route.method as string, route]));
  if (byMethod.size < routes.length) throw new Error(`${routes[0].path} has two routes for one method`);
  const methods: string[] = METHODS.filter((method) => byMethod.has(method));
  const allow = [...methods, ...(byMethod.has('GET') ? ['HEAD'] : []), 'OPTIONS'].join(', ');
  return { segments: splitPath(routes[0].path), routes: byMethod, first: routes[0], allow };
}

/** `/jobs/sets` is tried before `/jobs/:name`. Not by localeCompare, which loads collation tables at a cold start. */
function literalsFirst(one: Resource, other: Resource): number {
  const rank = ({ segments }: Resource): string => segments.map((part) => Number(isParameter(part))).join('');
  return Number(rank(one) > rank(other)) - Number(rank(one) < rank(other));
}

function splitPath(path: string): string[] {
  const segments = path.split('/').slice(1);
  if (segments.at(-1) === '') segments.pop();
  return segments;
}

function find(resources: readonly Resource[], segments: readonly string[]): Match | undefined {
  for (const resource of resources) {
    const params = paramsOf(resource.segments, segments);
    if (params) return { resource, params, path: `/${segments.map((segment) => decode(segment)).join('/')}` };
  }
  return undefined;
}

function findSuffixed(resources: readonly Resource[], segments: readonly string[]): Match | undefined {
  const [, name, suffix] = SUFFIXED.exec(segments.at(-1) ?? '') ?? [];
  if (name === undefined || suffix === undefined) return undefined;
  const match = find(resources, [...segments.slice(0, -1), name]);
  return match && { ...match, suffix };
}

function paramsOf(pattern: readonly string[], segments: readonly string[]): Record<string, string> | undefined {
  if (pattern.length !== segments.length) return undefined;
  const params: Record<string, string> = {};
  for (const [index, part] of pattern.entries()) {
    const value = decode(segments[index] ?? '');
    if (value === undefined) return undefined;
    if (!isParameter(part)) {
      if (part !== value) return undefined;
    } else if (LOOKUP.test(value)) params[part.slice(1)] = value;
    else return undefined;
  }
  return params;
}

function isParameter(segment: string): boolean {
  return segment.startsWith(':');
}

function decode(segment: string): string | undefined {
  if (!segment.includes('%')) return segment;
  try {
    return decodeURIComponent(segment);
  } catch {
    return undefined; // not percent-encoded UTF-8: names no route
  }
}
