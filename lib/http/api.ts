// Answers one request by its route, in the order of Django REST framework: format, login, group, method, body, handler.
import { Readable } from 'node:stream';
import type { Caller } from '../credentials/caller';
import { AppError } from '../errors';
import { failure, type FailedRequest } from './failure';
import type { Request, Response } from './message';
import { MEDIA_TYPES, negotiate, type Format } from './negotiation';
import { browsablePage } from './page';
import { PARSED_TYPES, parseBody } from './parseBody';
import type { Route } from './route';
import type { Match } from './router';

/** Rejects with a 401 that says what is wrong with the login. */
export type Authenticate = (headers: Readonly<Record<string, string>>) => Promise<Caller>;

/** One request before its route is known to fit. */
export interface Exchange extends FailedRequest {
  readonly method: string;
  readonly query: URLSearchParams;
  readonly headers: Readonly<Record<string, string>>;
  readonly readBody: () => Promise<Buffer>;
  /** Set once the login is checked; the access log names it. */
  caller?: Caller;
}

export interface Api {
  readonly name: string;
  readonly authenticate: Authenticate;
}

export async function answer(api: Api, exchange: Exchange, match: Match): Promise<Response> {
  let format: Format = 'json';
  try {
    format = chooseFormat(exchange, match);
    return present(await dispatch(api, exchange, match), format, { exchange, match });
  } catch (error) {
    return present(failure(error, exchange), format, { exchange, match });
  }
}

function chooseFormat({ method, query, headers }: Exchange, match: Match): Format {
  if (routeFor(method, match)?.produces) return 'json';
  return negotiate({ format: match.suffix ?? query.get('format') ?? undefined, accept: headers.accept });
}

function routeFor(method: string, { resource }: Match): Route | undefined {
  return resource.routes.get(method === 'HEAD' ? 'GET' : method);
}

async function dispatch(api: Api, exchange: Exchange, match: Match): Promise<Response> {
  const route = routeFor(exchange.method, match);
  await authorize(api, exchange, (route ?? match.resource.first).access);
  if (exchange.method === 'OPTIONS') return describeResource(api, match);
  if (!route) throw new AppError('method_not_allowed', 405, `Method "${exchange.method}" not allowed.`);
  return route.handle(toRequest(exchange, match, await bodyFor(route, exchange)));
}

async function authorize({ authenticate }: Api, exchange: Exchange, access: Route['access']): Promise<void> {
  if (access === 'open') return;
  const caller = await authenticate(exchange.headers);
  exchange.caller = caller;
  if (caller.superuser || caller.groups.includes(access.group)) return;
  throw new AppError('permission_denied', 403, 'You do not have permission to perform this action.');
}

function describeResource({ name }: Api, { resource }: Match): Response {
  const renders = Object.values(MEDIA_TYPES);
  return { status: 200, body: { name, description: resource.first.summary, renders, parses: PARSED_TYPES } };
}

/** An ignored body is read too: it may be as large as any other, and the connection is used again. */
async function bodyFor({ body = 'ignored' }: Route, { headers, readBody }: Exchange): Promise<unknown> {
  const bytes = await readBody();
  if (body === 'json') return parseBody(bytes, headers['content-type']);
  return body === 'bytes' ? bytes : undefined;
}

function toRequest(exchange: Exchange, match: Match, body: unknown): Request {
  const { id, method, query, headers, signal, caller } = exchange;
  const { path, params, suffix } = match;
  return {
    id,
    method,
    path,
    suffixed: suffix !== undefined,
    params,
    query,
    headers,
    body,
    signal,
    ...(caller && { caller }),
  };
}

function present(
  response: Response,
  format: Format,
  { exchange, match }: { readonly exchange: Exchange; readonly match: Match },
): Response {
  const headers = { allow: match.resource.allow, vary: 'Accept', ...response.headers };
  const answered = { ...response, headers };
  const isRendered =
    typeof response.body !== 'string' && !(response.body instanceof Readable) && response.status !== 204;
  if (format === 'json' || !isRendered) return answered;
  return browsablePage({ method: exchange.method, path: match.path, response: answered });
}
