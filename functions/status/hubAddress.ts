// Where and how a hub wants to hear of progress, from what it gave its server as environment; only where the operator allows it. Pure.
import { isRecord } from '../../lib/record';
import type { ProgressEvent } from '../../lib/services/progress';

export interface HubAddress {
  readonly url: string;
  readonly token: string;
  readonly bodyOf: (event: ProgressEvent) => object;
}

interface Dialect {
  /** Holds the address: absolute, or relative to the hub's API. */
  readonly variable: string;
  readonly pathOf: (path: string) => string;
  readonly bodyOf: HubAddress['bodyOf'];
}

/** The first whose variable is given. */
const DIALECTS: readonly Dialect[] = [
  // OutpostSpawner takes everything but `ready`, which is the hub's own to say.
  { variable: 'JUPYTERHUB_EVENTS_URL', pathOf: (path) => path, bodyOf: plainBody },
  {
    variable: 'JUPYTERHUB_STATUS_URL',
    pathOf: (path) => path.replace(/(^|\/)(users\/progress\/)status\//, '$1$2update/'),
    bodyOf: (event) => ({ ...plainBody(event), ready: false }),
  },
];

/** Undefined when the hub did not ask to be told, or not at an address that is allowed. */
export function hubAddress(env: Readonly<Record<string, string>>, allowed: readonly string[]): HubAddress | undefined {
  const dialect = DIALECTS.find(({ variable }) => given(env[variable]));
  const token = env['JUPYTERHUB_API_TOKEN'];
  if (dialect === undefined || !given(token)) return undefined;
  const path = dialect.pathOf(env[dialect.variable] ?? '');
  // A pod may know the hub under a name of its own; then the operator's address is meant.
  const bases = [env['JUPYTERHUB_API_URL'] ?? '', ...allowed];
  const url = bases.map((base) => resolved(path, base)).find((each) => each && isAllowed(each, allowed));
  return url && { url: url.href, token, bodyOf: dialect.bodyOf };
}

/** The same origin, at the path or below it. */
export function isAllowed(url: URL, allowed: readonly string[]): boolean {
  if (url.username !== '' || url.password !== '') return false;
  return allowed.some((text) => {
    const base = new URL(text);
    return url.origin === base.origin && url.pathname.startsWith(base.pathname);
  });
}

/** The environment that a start's Secret holds. */
export function environmentOf(secret: unknown): Readonly<Record<string, string>> {
  if (!isRecord(secret)) return {};
  const texts = Object.entries(secret).flatMap(([name, value]) =>
    typeof value === 'string' ? [[name, Buffer.from(value, 'base64').toString('utf8')] as const] : [],
  );
  return Object.fromEntries(texts);
}

function resolved(path: string, base: string): URL | undefined {
  try {
    return base === '' ? new URL(path) : new URL(path, base.replace(/\/*$/, '/'));
  } catch {
    return undefined;
  }
}

/** The hub ends the start by itself at 100: only a failure says so. */
function plainBody({ percent, message, html, reason, end }: ProgressEvent): object {
  const failed = end === 'failed' || end === 'stopped';
  const progress = failed ? 100 : Math.min(percent, 99);
  return { progress, failed, message, html_message: html, ...(reason !== undefined && { reason }) };
}

/** `None` is what an absent value becomes on its way through the Secret. */
function given(text: string | undefined): text is string {
  return text !== undefined && text !== '' && text !== 'None';
}
