// The HTTP server of a function: its sockets, its time limits, and the exchange for each request.
import { createServer, type Server } from 'node:http';
import { AppError } from '../errors';
import type { Log } from '../log';
import type { Authenticate } from './api';
import { createDrain, type Drain } from './drain';
import { handleExchange } from './exchange';
import type { Ready } from './probes';
import { createRequestMetrics } from './requestMetrics';
import type { OnEvent, Route } from './route';
import { createTable } from './table';

export interface FrontConfig {
  /** Holds for every content type; 1 MiB by default. */
  readonly bodyLimitBytes?: number | undefined;
  /** Below what gateways wait; 55 by default. */
  readonly requestTimeoutSeconds?: number | undefined;
}

export interface FrontOptions {
  readonly name: string;
  readonly routes: readonly Route[];
  /** Without it nobody gets past an `open` route. */
  readonly authenticate?: Authenticate | undefined;
  readonly onEvent?: OnEvent | undefined;
  readonly ready?: Ready | undefined;
  /** The function's own metrics, as Prometheus text. */
  readonly metrics?: (() => string) | undefined;
  readonly config: FrontConfig;
  readonly log: Log;
}

export interface Front {
  readonly server: Server;
  readonly drain: Drain;
}

const BODY_LIMIT_BYTES = 1024 * 1024;
const REQUEST_TIMEOUT_SECONDS = 55;
/** Longer than gateways keep an idle connection (60 s), so that it is they who end it. */
const KEEP_ALIVE_MS = 75_000;
const HEADERS_TIMEOUT_MS = 20_000;
/** What Node gives a request beyond our own deadline, which answers; Node's only ends the connection. */
const RECEIVE_MARGIN_MS = 5_000;

export function createFront(options: FrontOptions): Front {
  const { ready = () => true, authenticate = refuseEveryone, config } = options;
  const { bodyLimitBytes = BODY_LIMIT_BYTES, requestTimeoutSeconds = REQUEST_TIMEOUT_SECONDS } = config;
  const requestTimeout = requestTimeoutSeconds * 1000 + RECEIVE_MARGIN_MS;
  const headersTimeout = Math.min(HEADERS_TIMEOUT_MS, requestTimeout);
  const server = createServer({ keepAliveTimeout: KEEP_ALIVE_MS, headersTimeout, requestTimeout });
  const drain = createDrain(server);
  const { isDraining } = drain;
  const requests = createRequestMetrics();
  const metrics = (): string => `${options.metrics?.() ?? ''}${requests.text()}`;
  const table = createTable({ ...options, ready, isDraining, bodyLimitBytes, metrics });
  const exchangeOptions = {
    ...options,
    authenticate,
    table,
    isDraining,
    bodyLimitBytes,
    requestTimeoutSeconds,
    requests,
  };
  server.on('request', (message, reply) => {
    drain.track(reply);
    void handleExchange(exchangeOptions, message, reply);
  });
  return { server, drain };
}

function refuseEveryone(): Promise<never> {
  return Promise.reject(new AppError('not_authenticated', 401, 'Authentication credentials were not provided.'));
}
