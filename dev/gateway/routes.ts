// Which function or which Service of the cluster a path belongs to, and the path it sees there.

export interface FunctionRoute {
  readonly to: 'function';
  readonly name: string;
  readonly prefix: string;
  readonly path: string;
}

export interface ServiceRoute {
  readonly to: 'service';
  readonly namespace: string;
  readonly name: string;
  /** The Service's only or first port when absent. */
  readonly port?: number;
  readonly prefix: string;
  readonly path: string;
}

/** The same path with a slash, so that relative links of a page work. */
export interface RedirectRoute {
  readonly to: 'redirect';
  readonly location: string;
}

export type Route = FunctionRoute | ServiceRoute | RedirectRoute;

/** The functions' own paths; the first that fits decides. */
const apiPaths: readonly (readonly [prefix: string, name: string])[] = [
  ['/api/userjobs', 'userjobs'],
  ['/api/logs', 'logs'],
  ['/api', 'services'],
  ['/jobs', 'jobs'],
  ['/submissions', 'intake'],
  ['/reaper', 'reaper'],
  ['/archives', 'archive'],
];

export function findRoute(url: string): Route | undefined {
  return functionRoute(url) ?? serviceRoute(url) ?? apiRoute(url);
}

/** OpenFaaS: `/function/NAME/rest`, also `/function/NAME.NAMESPACE/rest`. */
function functionRoute(url: string): FunctionRoute | undefined {
  const match = /^(\/function\/([a-z0-9-]+)(?:\.[a-z0-9-]+)?)(?=[/?]|$)(.*)$/.exec(url);
  if (!match) return undefined;
  const [, prefix = '', name = '', path = ''] = match;
  return { to: 'function', name, prefix, path: withSlash(path) };
}

/** `/services/NAMESPACE/NAME/rest` or `/services/NAMESPACE/NAME:PORT/rest`. */
function serviceRoute(url: string): ServiceRoute | RedirectRoute | undefined {
  const match = /^(\/services\/([a-z0-9-]+)\/([a-z0-9-]+)(?::(\d{1,5}))?)(\/.*|\?.*)?$/.exec(url);
  if (!match) return undefined;
  const [, prefix = '', namespace = '', name = '', port, path = ''] = match;
  if (!path.startsWith('/')) return { to: 'redirect', location: `${prefix}/${path}` };
  return { to: 'service', namespace, name, ...(port !== undefined && { port: Number(port) }), prefix, path };
}

function apiRoute(url: string): FunctionRoute | undefined {
  const own = apiPaths.find(([prefix]) => url.startsWith(prefix) && /^[/?.]|^$/.test(url.slice(prefix.length)));
  return own && { to: 'function', name: own[1], prefix: '', path: url };
}

function withSlash(path: string): string {
  return path.startsWith('/') ? path : `/${path}`;
}
