// Who may speak to the embedded cluster: it runs commands, so only whoever holds the token, and never a web page.
import { timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

export interface Refusal {
  readonly reason: string;
  readonly message: string;
  readonly code: number;
}

export type Gatekeeper = (request: IncomingMessage) => Refusal | undefined;

const FORBIDDEN_ORIGIN = { reason: 'Forbidden', message: 'requests of web pages are not answered', code: 403 };
const FORBIDDEN_HOST = {
  reason: 'Forbidden',
  message: 'this server is known as 127.0.0.1 and localhost only',
  code: 403,
};
const UNAUTHORIZED = { reason: 'Unauthorized', message: 'Unauthorized', code: 401 };

export function gatekeeper(token: string): Gatekeeper {
  const expected = Buffer.from(`Bearer ${token}`);
  return ({ headers, socket }) => {
    if (headers.origin !== undefined) return FORBIDDEN_ORIGIN;
    const hosts = ['127.0.0.1', 'localhost'].map((name) => `${name}:${socket.localPort}`);
    if (!hosts.includes(headers.host ?? '')) return FORBIDDEN_HOST;
    return isSame(Buffer.from(headers.authorization ?? ''), expected) ? undefined : UNAUTHORIZED;
  };
}

/** In constant time; the length of the token is no secret. */
function isSame(given: Buffer, expected: Buffer): boolean {
  return given.length === expected.length && timingSafeEqual(given, expected);
}
