// What OpenFaaS' gateway makes of a path on its way to a function: it is decoded, read as a URL once more, and written anew. Pure.
// So `%2F` becomes a slash, and a name with `?`, `#` or `%` in it does not arrive: such names belong into a query or a body.

export type Passage =
  | { readonly is: 'passed'; readonly url: string }
  /** To the same path without empty and dotted segments. */
  | { readonly is: 'moved'; readonly location: string }
  | { readonly is: 'refused' }
  /** The gateway stumbles over it, and the client's connection breaks. */
  | { readonly is: 'broken' };

const OF_FUNCTIONS = /^\/(async-)?function\//;

export function isFunctionUrl(url: string): boolean {
  return OF_FUNCTIONS.test(url);
}

/** An event stream goes another way through the gateway, on which its path is read only once. Both ways end with one more reading. */
export function throughGateway(url: string, isStream: boolean): Passage {
  const asked = split(url);
  const path = decode(asked.path);
  if (path === undefined) return { is: 'refused' };
  const clean = cleanPath(path);
  if (clean !== path) return { is: 'moved', location: join(encode(clean), asked.query) };
  const again = isStream ? { path, query: asked.query } : readAgain(join(path, asked.query));
  return again === undefined ? { is: 'broken' } : { is: 'passed', url: join(encode(again.path), again.query) };
}

interface Parts {
  readonly path: string;
  /** Without its mark; undefined when there is none. */
  readonly query: string | undefined;
}

function readAgain(text: string): Parts | undefined {
  if (hasControls(text)) return undefined;
  const [withoutFragment = ''] = text.split('#', 1);
  const { path, query } = split(withoutFragment);
  const decoded = decode(path);
  return decoded === undefined ? undefined : { path: decoded, query };
}

function hasControls(text: string): boolean {
  // oxlint-disable-next-line no-control-regex -- they are what is looked for
  return /[\u0000-\u001F\u007F]/.test(text);
}

function split(url: string): Parts {
  const mark = url.indexOf('?');
  return mark < 0 ? { path: url, query: undefined } : { path: url.slice(0, mark), query: url.slice(mark + 1) };
}

function join(path: string, query: string | undefined): string {
  return query === undefined || query === '' ? path : `${path}?${query}`;
}

/** Byte by byte, as letters of Latin-1: what it stands for in UTF-8 is nobody's concern here. */
function decode(path: string): string | undefined {
  if (/%(?![0-9a-f]{2})/i.test(path)) return undefined;
  return path.replace(/%([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}

function encode(path: string): string {
  return path.replace(/[^A-Za-z0-9\-_.~$&+,/:;=@]/g, (letter) => {
    return `%${letter.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`;
  });
}

function cleanPath(path: string): string {
  const kept: string[] = [];
  for (const segment of path.split('/')) {
    if (segment === '..') kept.pop();
    else if (segment !== '' && segment !== '.') kept.push(segment);
  }
  const end = path.endsWith('/') && kept.length > 0 ? '/' : '';
  return `/${kept.join('/')}${end}`;
}
