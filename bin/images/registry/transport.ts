// One request to a registry: what the network says instead of an answer is told as what may be done about it.
import { AppError } from '../../../lib/errors';
import { DOCKER_HUB } from '../reference';

export interface Sent {
  readonly method: 'GET' | 'HEAD' | 'PUT' | 'POST';
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array<ArrayBuffer>;
}

/** In which every healthy registry answers. */
const PATIENCE_MS = 30_000;
/** What names Docker Hub is not where it is. */
const HUB_API = 'registry-1.docker.io';

export function addressOf(host: string, insecure: boolean): string {
  return `${insecure ? 'http' : 'https'}://${host === DOCKER_HUB ? HUB_API : host}`;
}

export async function send(url: string, sent: Sent): Promise<Response> {
  try {
    return await fetch(url, { ...sent, signal: AbortSignal.timeout(PATIENCE_MS) });
  } catch (error) {
    const { host } = new URL(url);
    throw new AppError('registry_away', 503, `${host} cannot be reached: ${whyOf(error)}`, { cause: error });
  }
}

/** `fetch` says "fetch failed", and the reason behind it. */
function whyOf(error: unknown): string {
  const reason = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  const { message, code } = reason as NodeJS.ErrnoException;
  // OpenSSL tells its files and lines, where its code says it all.
  const words = /:error:/.test(message) ? code : message || code;
  return `${words}. ${FIXES.find(([sign]) => sign.test(`${code} ${message}`))?.[1] ?? USUAL}`;
}

const USUAL = 'Is it running, and is its name right?';
const FIXES: readonly (readonly [RegExp, string])[] = [
  [/wrong version number|packet length too long|EPROTO/i, 'Does it speak plain HTTP? Then give --insecure.'],
  [/self.signed|unable to (?:get|verify)|CERT/i, 'Name the file of its authority by NODE_EXTRA_CA_CERTS.'],
];
