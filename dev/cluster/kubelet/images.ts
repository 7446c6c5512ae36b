// Images are names here: nothing is pulled. Some names stand for a failed pull, some for a default command.

/** First word of an image's last path segment → what runs when a container names no command. */
const DEFAULT_COMMANDS: readonly (readonly [prefix: string, command: readonly string[]])[] = [['node', ['node']]];

const DEFAULT_REGISTRY = 'docker.io';

const HOST = String.raw`(?:[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?)*|\[[a-fA-F0-9:]+\])(?::\d+)?`;
const COMPONENT = String.raw`[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*`;
const TAG = String.raw`(?::\w[\w.-]{0,127})?(?:@[A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*:[0-9A-Fa-f]{32,})?`;
const REFERENCE = new RegExp(`^${HOST}(?:/${COMPONENT})+${TAG}$`);

export interface PullFailure {
  readonly message: string;
}

/** Names with `does-not-exist` are in no registry; hosts under `.invalid` are never found. */
export function pullFailure(image: string): PullFailure | undefined {
  const { host, repository, tag } = parseImage(image);
  const reference = `${host}/${repository}${tag}`;
  const cause = whyNotPulled({ host, repository, tag }, reference);
  if (cause === undefined) return undefined;
  const resolving = `failed to resolve reference "${reference}": ${cause}`;
  return { message: `failed to pull and unpack image "${reference}": ${resolving}` };
}

/** Why this is no name of an image at all. */
export function nameFault(image: string): string | undefined {
  const why = syntaxFault(parseImage(image));
  if (why === undefined) return undefined;
  const parsing = `couldn't parse image name "${image}": invalid reference format${why}`;
  return `Failed to apply default image tag "${image}": ${parsing}`;
}

function syntaxFault({ host, repository, tag }: ImageName): string | undefined {
  if (repository !== repository.toLowerCase()) return `: repository name (${repository}) must be lowercase`;
  return REFERENCE.test(`${host}/${repository}${tag}`) ? undefined : '';
}

export function defaultCommand(image: string): readonly string[] | undefined {
  const name = parseImage(image).repository.split('/').at(-1) ?? '';
  return DEFAULT_COMMANDS.find(([prefix]) => name === prefix || name.startsWith(`${prefix}-`))?.[1];
}

function whyNotPulled({ host, repository, tag }: ImageName, reference: string): string | undefined {
  const name = host.replace(/:\d+$/, '');
  if (name.endsWith('.invalid')) {
    const url = `https://${host}/v2/${repository}/manifests/${tag.slice(1)}`;
    return `failed to do request: Head "${url}": dial tcp: lookup ${name}: no such host`;
  }
  return repository.includes('does-not-exist') ? `${reference}: not found` : undefined;
}

interface ImageName {
  readonly host: string;
  readonly repository: string;
  /** With its separator: `:1.0` or `@sha256:…`. */
  readonly tag: string;
}

function parseImage(image: string): ImageName {
  const slash = image.indexOf('/');
  const first = image.slice(0, Math.max(0, slash));
  const isHost = first === 'localhost' || /[.:A-Z]/.test(first);
  const host = isHost ? first : DEFAULT_REGISTRY;
  const path = isHost ? image.slice(slash + 1) : image;
  const end = path.search(/[:@]/);
  const name = end === -1 ? path : path.slice(0, end);
  const repository = host === DEFAULT_REGISTRY && !name.includes('/') ? `library/${name}` : name;
  return { host, repository, tag: end === -1 ? ':latest' : path.slice(end) };
}
