// The role of OpenFaaS' queue and its worker: takes calls at once, makes them one after the other, tells the result where that is wanted.
import { request as plain, type IncomingMessage, type OutgoingHttpHeaders, type ServerResponse } from 'node:http';
import { request as secure } from 'node:https';
import { buffer } from 'node:stream/consumers';
import { AppError } from '../../lib/errors';
import { stampOf, withoutHops } from './headers';

export interface AsyncCalls {
  /** Answers 202 as soon as the call is kept. `path` begins with the name of the function. */
  readonly take: (path: string, request: IncomingMessage, response: ServerResponse) => Promise<void>;
  /** Forgets what is not under way yet. */
  readonly stop: () => void;
}

export interface AsyncOptions {
  /** Of this gateway, which makes the calls. */
  readonly origin: () => string;
  readonly report: (message: string) => void;
}

interface Call {
  readonly path: string;
  readonly headers: OutgoingHttpHeaders;
  readonly body: Buffer;
  readonly callback: URL | undefined;
}

interface Result {
  readonly status: number;
  readonly headers: OutgoingHttpHeaders;
  readonly body: Buffer;
}

/** Of the Community Edition. */
const MOST_BYTES = 256 * 1024;
const MOST_WAITING = 10;

export function createAsyncCalls({ origin, report }: AsyncOptions): AsyncCalls {
  const waiting: Call[] = [];
  let isAtWork = false;

  async function work(): Promise<void> {
    if (isAtWork) return;
    isAtWork = true;
    for (let call = waiting.shift(); call !== undefined; call = waiting.shift()) {
      await make(origin(), call).catch((error: unknown) => {
        report(
          `the result of an asynchronous call was not told: ${error instanceof Error ? error.message : String(error)}`,
        );
      });
    }
    isAtWork = false;
  }

  return {
    async take(path, request, response) {
      const { onRequest, onAnswer } = stampOf(request);
      const call = await received(path, request, onRequest);
      if (waiting.length >= MOST_WAITING) throw notQueued('too many calls are waiting');
      waiting.push(call);
      response.writeHead(202, onAnswer).end();
      void work();
    },
    stop() {
      waiting.length = 0;
    },
  };
}

async function received(path: string, request: IncomingMessage, stamp: OutgoingHttpHeaders): Promise<Call> {
  const { method, headers } = request;
  if (method !== 'POST') throw new AppError('method_not_allowed', 405, 'Only POST can be called asynchronously.');
  const callback = callbackOf(headers['x-callback-url']);
  const body = await buffer(request);
  if (body.length > MOST_BYTES) throw notQueued(`the body has more than ${MOST_BYTES} bytes`);
  const { host: _host, 'content-length': _length, 'transfer-encoding': _encoding, ...others } = withoutHops(headers);
  return { path, headers: { ...others, ...stamp }, body, callback };
}

function callbackOf(wanted: string | string[] | undefined): URL | undefined {
  if (wanted === undefined) return undefined;
  if (typeof wanted === 'string' && URL.canParse(wanted)) return new URL(wanted);
  throw new AppError('invalid_callback', 400, 'X-Callback-Url is no URL.');
}

async function make(origin: string, { path, headers, body, callback }: Call): Promise<void> {
  const startedAt = performance.now();
  const failed: Result = { status: 503, headers: {}, body: Buffer.alloc(0) };
  const result = await post(new URL(`${origin}/function/${path}`), headers, body).catch(() => failed);
  if (callback === undefined) return;
  await post(
    callback,
    {
      ...result.headers,
      'x-duration-seconds': ((performance.now() - startedAt) / 1000).toFixed(6),
      'x-function-status': String(result.status),
      'x-function-name': /^[^/?]*/.exec(path)?.[0],
      'x-call-id': headers['x-call-id'],
    },
    result.body,
  );
}

function post(url: URL, headers: OutgoingHttpHeaders, body: Buffer): Promise<Result> {
  return new Promise((resolve, reject) => {
    const send = url.protocol === 'https:' ? secure : plain;
    const options = { method: 'POST', agent: false, headers: { ...headers, 'content-length': body.length } };
    const calling = send(url, options, (answer) => {
      const { 'transfer-encoding': _chunked, ...given } = withoutHops(answer.headers);
      buffer(answer).then((read) => resolve({ status: answer.statusCode ?? 0, headers: given, body: read }), reject);
    });
    calling.on('error', reject);
    calling.end(body);
  });
}

function notQueued(why: string): AppError {
  return new AppError('not_queued', 500, `Error queuing request: ${why}.`);
}
