// An API of the functions behind a URL.
import { request as plain, type IncomingMessage } from 'node:http';
import { request as secure } from 'node:https';
import { AppError } from '../../lib/errors';
import type { Api, Method, Sent } from './api';

export interface Service {
  readonly url: URL;
  /** Value of the header; absent where the service is open. */
  readonly authorization: string | undefined;
}

export function overHttp({ url, authorization }: Service): Api {
  const place = `${url.origin}${url.pathname.replace(/\/+$/, '')}`;
  return {
    place,
    request: async (method, path, sent = {}) => {
      const target = new URL(`${place}${path}`);
      target.search = new URLSearchParams(sent.query).toString();
      const incoming = await send({ method, target, authorization }, sent).catch((error: unknown) => {
        throw unreachable(place, error);
      });
      const headers = Object.fromEntries(
        Object.entries(incoming.headers).map(([name, value]) => [name, String(value)]),
      );
      return { status: incoming.statusCode ?? 0, headers, body: incoming };
    },
  };
}

interface Outgoing {
  readonly method: Method;
  readonly target: URL;
  readonly authorization: string | undefined;
}

/** Not by `fetch`: it ends a body that is silent for five minutes, and a followed log may be. */
async function send({ method, target, authorization }: Outgoing, { body, signal }: Sent): Promise<IncomingMessage> {
  const payload = body === undefined ? undefined : Buffer.from(JSON.stringify(body));
  const headers = {
    ...(authorization !== undefined && { authorization }),
    ...(payload && { 'content-type': 'application/json', 'content-length': payload.length }),
  };
  return new Promise((resolve, reject) => {
    (target.protocol === 'https:' ? secure : plain)(target, { method, headers, ...(signal && { signal }) }, resolve)
      .on('error', reject)
      .end(payload);
  });
}

function unreachable(place: string, cause: unknown): AppError {
  const why = cause instanceof Error ? cause.message || String((cause as NodeJS.ErrnoException).code) : String(cause);
  const detail = `${place} could not be reached: ${why}. Is --url right, and does the service run?`;
  return new AppError('service_unreachable', 503, detail, { cause });
}
