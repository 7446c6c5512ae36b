// A function's routes, called in this process for one caller: what is answered is what would come over HTTP.
import { randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import type { Caller } from '../../lib/credentials/caller';
import { AppError } from '../../lib/errors';
import { errorResponse } from '../../lib/http/failure';
import type { Request, Response } from '../../lib/http/message';
import type { Route } from '../../lib/http/route';
import { createRouter } from '../../lib/http/router';
import type { Answer, Api, Method, Sent } from './api';

export function routed(routes: readonly Route[], caller: Caller): Api['request'] {
  const router = createRouter(routes);
  return async (method, path, sent = {}) => {
    const match = router(path);
    const route = match?.resource.routes.get(method);
    if (match === undefined || route === undefined) return answerOf({ status: 404, body: { detail: 'Not found.' } });
    const request = requestOf({ method, path: match.path, params: match.params }, sent);
    return answerOf(await handled(route, { ...request, caller }));
  };
}

function requestOf(target: Pick<Request, 'path' | 'params'> & { readonly method: Method }, sent: Sent): Request {
  return {
    ...target,
    id: randomUUID(),
    suffixed: false,
    query: new URLSearchParams(sent.query),
    headers: {},
    body: sent.body ?? {},
    signal: sent.signal ?? new AbortController().signal,
  };
}

/** A refusal is an answer, as over HTTP; what the cluster did to us is told as it is. */
async function handled(route: Route, request: Request): Promise<Response> {
  try {
    return await route.handle(request);
  } catch (error) {
    if (error instanceof AppError && error.status < 500) return errorResponse(error, request.id);
    throw error;
  }
}

function answerOf({ status, headers = {}, body = '' }: Response): Answer {
  if (body instanceof Readable) return { status, headers, body };
  return {
    status,
    headers,
    body: Readable.from([Buffer.from(typeof body === 'string' ? body : JSON.stringify(body))]),
  };
}
