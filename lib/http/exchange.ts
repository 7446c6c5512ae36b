// One request from socket to socket: id, deadline and access log around the answer of its route.
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import type { Log } from '../log';
import { answer, type Api, type Exchange } from './api';
import { withinDeadline } from './deadline';
import { clientGone, failure, isClientGone } from './failure';
import type { Response } from './message';
import { notFoundPage } from './page';
import { readBody } from './readBody';
import type { RequestMetrics } from './requestMetrics';
import type { Match } from './router';
import { send, type Channel } from './send';
import type { Table } from './table';
import { parseTarget } from './target';

export interface ExchangeOptions extends Api {
  readonly table: Table;
  readonly isDraining: () => boolean;
  readonly requests: RequestMetrics;
  readonly log: Log;
  readonly bodyLimitBytes: number;
  readonly requestTimeoutSeconds: number;
}

/** An exchange with what only its lifetime needs. */
interface Opened {
  readonly exchange: Exchange;
  readonly controller: AbortController;
  readonly path: string;
  readonly match: Match | undefined;
}

const SANE_ID = /^[A-Za-z0-9._-]{1,64}$/;

export async function handleExchange(
  options: ExchangeOptions,
  message: IncomingMessage,
  reply: ServerResponse,
): Promise<void> {
  const opened = open(options, message);
  const { exchange, controller } = opened;
  closeWith(reply, opened, options.requests);
  const { requestTimeoutSeconds } = options;
  const response = await withinDeadline(requestTimeoutSeconds, controller, () => respond(options, opened)).catch(
    (error: unknown) => failure(error, exchange),
  );
  const { bodyLimitBytes, isDraining } = options;
  await deliver(response, exchange, { message, reply, bodyLimitBytes, isLast: isDraining() });
}

function open(options: ExchangeOptions, message: IncomingMessage): Opened {
  const { method = 'GET', url = '/' } = message;
  const headers = singleValues(message.headers);
  const { path, query } = parseTarget(url);
  // OpenFaaS' gateway has its own name for it.
  const id = requestId(headers['x-request-id'] ?? headers['x-call-id']);
  const controller = new AbortController();
  const { signal } = controller;
  const bytes = (): Promise<Buffer> => readBody(message, options.bodyLimitBytes, signal);
  const exchange = { id, method, query, headers, signal, log: options.log, readBody: bytes };
  return { exchange, controller, path, match: options.table({ method, path, headers }) };
}

async function respond(api: Api, { exchange, match }: Opened): Promise<Response> {
  return match ? answer(api, exchange, match) : notFoundPage();
}

/** The end of the connection's interest: tells the handler if it came early, counts it, and writes the access log. */
function closeWith(reply: ServerResponse, { exchange, controller, path, match }: Opened, requests: RequestMetrics) {
  const startedAt = performance.now();
  reply.once('close', () => {
    // What was opened for the body of an answer to HEAD is read by nobody.
    if (!reply.writableFinished || exchange.method === 'HEAD') controller.abort(clientGone());
    if (match?.resource.first.quiet) return;
    const durationMs = Math.round((performance.now() - startedAt) * 10) / 10;
    const { id, method, caller, log } = exchange;
    const status = reply.headersSent ? reply.statusCode : clientGone().status;
    requests.count({ status, durationMs });
    log.info('request', { requestId: id, method, path, status, durationMs, caller: caller?.name });
  });
}

async function deliver(response: Response, exchange: Exchange, channel: Channel): Promise<void> {
  const { reply } = channel;
  reply.setHeader('x-request-id', exchange.id);
  try {
    await send(response, channel);
  } catch (error) {
    if (isClientGone(exchange.signal)) return;
    const substitute = failure(error, exchange);
    if (reply.headersSent) reply.destroy();
    else await send(substitute, channel);
  }
}

function requestId(wanted: string | undefined): string {
  return wanted !== undefined && SANE_ID.test(wanted) ? wanted : Math.random().toString(36).slice(2);
}

/** Only `set-cookie` comes as a list, and no request carries it. */
function singleValues(headers: IncomingHttpHeaders): Record<string, string> {
  const values: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) if (typeof value === 'string') values[name] = value;
  return values;
}
