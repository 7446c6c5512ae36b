// Names of images: where each lies, and the one way in which names are compared. Pure.

/** Where it is pushed to; without a tag. */
export interface Repository {
  /** `registry.example.org`, `localhost:5000`, `docker.io` */
  readonly host: string;
  /** `hub-functions/singleuser` */
  readonly path: string;
}

export interface ImageName {
  readonly repository: Repository;
  /** What stood behind the colon. */
  readonly label?: string;
}

export const DOCKER_HUB = 'docker.io';

const PART = '[a-z0-9]+(?:(?:\\.|_{1,2}|-+)[a-z0-9]+)*';
const PATH = new RegExp(`^${PART}(?:/${PART})*$`);
const HOST = /^[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?(?::\d{1,5})?$/;
const TAG = /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$/;

/** Undefined for what no builder would take. Without a host it is Docker Hub's, as everywhere. */
export function parseImageName(text: string): ImageName | undefined {
  const [, name = '', label] = /^(.+?)(?::([^:/]*))?$/.exec(text) ?? [];
  const repository = parseRepository(name);
  if (repository === undefined) return undefined;
  if (label === undefined) return { repository };
  return isTag(label) ? { repository, label } : undefined;
}

export function isTag(text: string): boolean {
  return TAG.test(text);
}

function parseRepository(name: string): Repository | undefined {
  const [first = '', ...others] = name.split('/');
  const isHost = others.length > 0 && (/[.:]/.test(first) || first === 'localhost');
  const host = isHost ? first : DOCKER_HUB;
  const path = isHost ? others.join('/') : name;
  if (!HOST.test(host) || !PATH.test(path)) return undefined;
  return { host, path: host === DOCKER_HUB && !path.includes('/') ? `library/${path}` : path };
}

export interface Place {
  readonly host: string;
  /** What comes before the path of each image; empty, or with a slash at its end. */
  readonly prefix: string;
}

/** `registry.example.org/team`; its first part is a host even where it looks like none. */
export function parsePlace(text: string): Place | undefined {
  const [host = '', ...others] = text.replace(/\/+$/, '').split('/');
  const prefix = others.join('/');
  if (!HOST.test(host) || (prefix !== '' && !PATH.test(prefix))) return undefined;
  return { host, prefix: prefix === '' ? '' : `${prefix}/` };
}

/** The same image in another registry. Docker Hub's own prefix is nobody else's. */
export function movedTo(place: Place, { host, path }: Repository): Repository {
  const plain = host === DOCKER_HUB ? path.replace(/^library\//, '') : path;
  return { host: place.host, path: `${place.prefix}${plain}` };
}

export function repositoryText({ host, path }: Repository): string {
  return `${host}/${path}`;
}

/** How builders list what they hold: docker leaves Docker Hub's name out. Under localhost podman and buildah keep what was named without a host, which nothing here is. */
export function canonical(listed: string): string | undefined {
  const name = parseImageName(listed);
  return name?.label === undefined ? undefined : `${repositoryText(name.repository)}:${name.label}`;
}

/** On this machine: builders and registries speak plain HTTP there. */
export function isLoopback(host: string): boolean {
  return /^(?:localhost|127\.\d+\.\d+\.\d+)(?::\d+)?$/.test(host);
}
