// faas-js-runtime as a plain function from request to response: it parses events and counts, but owns neither port nor process.
import { AsyncLocalStorage } from 'node:async_hooks';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { CloudEventV1 } from 'cloudevents';
import type * as FaasRuntime from 'faas-js-runtime';
import { AppError } from '../errors';
import type { Request, Response } from './message';
import type { Handler, OnEvent } from './route';

/** What we use of the runtime's fastify server; its own types promise more than it keeps. */
interface RuntimeServer {
  listen: () => Promise<unknown>;
  readonly ready: () => Promise<unknown>;
  readonly setErrorHandler: (handler: (error: Error, request: unknown, reply: RuntimeReply) => void) => void;
  readonly inject: (request: object) => Promise<{ statusCode: number; headers: object; payload: string }>;
}

interface RuntimeReply {
  readonly code: (status: number) => { readonly send: () => void };
}

/** One call on its way through the runtime, and what came of it. */
interface Call {
  readonly request: Request;
  response?: Response | undefined;
  error?: unknown;
}

type Calls = AsyncLocalStorage<Call>;

const INITIALIZATION = 'fastify.initialization';
const PROCESS_EVENTS = ['SIGTERM', 'SIGINT', 'SIGQUIT', 'uncaughtException'] as const;
/** A folder without a func.yaml, which would override our options. */
const NO_CONFIG = '/dev';
const SPEC_VERSIONS: ReadonlySet<string> = new Set(['1.0', '0.3']);

export async function startRuntime(onEvent: OnEvent, bodyLimit: number): Promise<Handler> {
  const { start } = await loadPackage();
  const calls: Calls = new AsyncLocalStorage();
  const options = { logLevel: 'silent', config: NO_CONFIG, bodyLimit };
  const server = await captureServer(calls, () => start(handleWith(onEvent, calls), options as object));
  return (request) => pass(server, calls, request);
}

/** A CommonJS package without names that `import()` could see: bundled or not, its exports are the default. */
async function loadPackage(): Promise<typeof FaasRuntime> {
  const loaded: unknown = await import('faas-js-runtime');
  return (loaded as { default: typeof FaasRuntime }).default;
}

/** The answer leaves through the call, not through the runtime, which would send messages and codes of errors. */
function handleWith(onEvent: OnEvent, calls: Calls) {
  return async ({ cloudevent }: { cloudevent?: CloudEventV1<unknown> }): Promise<void> => {
    const call = calls.getStore();
    if (!call) throw new Error('the runtime called without a request');
    try {
      call.response = await onEvent(checkedEvent(cloudevent, call.request), call.request);
    } catch (error) {
      call.error = error;
    }
  };
}

function checkedEvent(event: CloudEventV1<unknown> | undefined, { body }: Request): CloudEventV1<unknown> | undefined {
  if (!event && !isEmpty(body)) throw new AppError('not_an_event', 400, 'The request is not a CloudEvent.');
  if (event && !SPEC_VERSIONS.has(event.specversion)) throw invalidEvent(undefined);
  return event;
}

/** Runs `start` so that its server never listens and its process listeners, which exit 0 on any error, are gone again. */
async function captureServer(calls: Calls, start: () => Promise<unknown>): Promise<RuntimeServer> {
  const captured: RuntimeServer[] = [];
  const capture = (message: unknown): void => {
    captured.push(adopt((message as { fastify: RuntimeServer }).fastify, calls));
  };
  const listeners = PROCESS_EVENTS.map((event) => ({ event, before: process.rawListeners(event) }));
  subscribe(INITIALIZATION, capture);
  // The server is made and the listeners are added before `start` first waits, so nobody else's can be among them.
  const started = start();
  unsubscribe(INITIALIZATION, capture);
  for (const { event, before } of listeners) removeAdded(event, before);
  await started;
  const [server] = captured;
  if (!server) throw new Error('faas-js-runtime made no server');
  return server;
}

function adopt(server: RuntimeServer, calls: Calls): RuntimeServer {
  server.listen = () => server.ready();
  server.setErrorHandler((error, _request, reply) => {
    const call = calls.getStore();
    if (call) call.error ??= invalidEvent(error);
    reply.code(400).send();
  });
  return server;
}

function removeAdded(event: string, before: readonly unknown[]): void {
  for (const listener of process.rawListeners(event)) {
    if (!before.includes(listener)) process.off(event, listener as () => void);
  }
}

/** The query stays behind: the runtime would copy it over the fields of its context. */
async function pass(server: RuntimeServer, calls: Calls, request: Request): Promise<Response> {
  const call: Call = { request };
  const { method, path, headers, body } = request;
  const payload = isEmpty(body) ? undefined : body;
  // Awaited inside `run`: inject starts when it is waited for, and the call must be known from there on.
  const reply = await calls.run(call, async () => {
    return await server.inject({ method, url: path, headers: headersFor(headers, body), payload });
  });
  if (call.error !== undefined) throw call.error;
  if (call.response) return call.response;
  const contentType = 'content-type' in reply.headers ? String(reply.headers['content-type']) : undefined;
  return reply.statusCode === 204
    ? { status: 204 }
    : {
        status: reply.statusCode,
        headers: { ...(contentType && { 'content-type': contentType }) },
        body: reply.payload,
      };
}

/** The body is whole already, and an empty one of a declared type would be refused. */
function headersFor(headers: Request['headers'], body: unknown): object {
  const {
    'content-length': _length,
    'transfer-encoding': _encoding,
    'content-type': contentType,
    expect: _expect,
    ...others
  } = headers;
  return isEmpty(body) || contentType === undefined ? others : { ...others, 'content-type': contentType };
}

function isEmpty(body: unknown): boolean {
  return !(body instanceof Uint8Array) || body.length === 0;
}

function invalidEvent(cause: unknown): AppError {
  return new AppError('invalid_event', 400, 'The request is not a valid CloudEvent.', { cause });
}
