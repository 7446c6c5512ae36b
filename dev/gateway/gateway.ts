// Stands in for Knative's or OpenFaaS' gateway on a developer's machine: one local address for all functions and service pages.
import type { IncomingMessage } from 'node:http';
import { AppError } from '../../lib/errors';
import { createAsyncCalls } from './asyncCalls';
import { isFunctionUrl, throughGateway, type Passage } from './functionPath';
import { createFunctionRunner, type FunctionRunner } from './functionRunner';
import type { InstanceOptions } from './instance';
import { BROKEN, startLocalServer, type ToTarget } from './localServer';
import { findRoute, type FunctionRoute, type ServiceRoute } from './routes';
import { startSchedule, type Report, type ScheduledFunction } from './schedule';
import { wantsStream } from './strictCopy';

export interface GatewayFunction {
  readonly command: InstanceOptions['command'];
  /** Beside what all of them get. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Called each time this many milliseconds passed. */
  readonly everyMs?: number;
}

export interface Address {
  readonly host: string;
  readonly port: number;
}

export interface GatewayOptions {
  /** 0: any free one. */
  readonly port: number;
  readonly functions: Readonly<Record<string, GatewayFunction>>;
  readonly environment: Readonly<Record<string, string>>;
  readonly idleMs: number;
  readonly readyTimeoutMs: number;
  /** How long an answer of a function may take where the gateway is to be as strict as OpenFaaS' own: see `Target`. */
  readonly patienceMs?: number;
  readonly remember: InstanceOptions['remember'];
  readonly openOutput: (name: string) => InstanceOptions['output'];
  /** Where a Service of the cluster can be reached from here; throws why it cannot. */
  readonly findService: (service: Pick<ServiceRoute, 'namespace' | 'name' | 'port'>) => Address;
  readonly report: Report;
}

export interface Gateway {
  readonly port: number;
  /** Undefined when there is no such function. */
  readonly runnerOf: (name: string) => Pick<FunctionRunner, 'use'> | undefined;
  readonly stop: () => Promise<void>;
}

const ASYNC = '/async-function/';

/** Rejects when the port is taken. */
export async function startGateway(options: GatewayOptions): Promise<Gateway> {
  const { patienceMs, report } = options;
  const runners = createRunners(options);
  const calls = createAsyncCalls({ origin: () => `http://127.0.0.1:${server.port}`, report });
  const server = await startLocalServer(options.port, {
    toTarget,
    async takeAsync(request, response) {
      const path = asyncPath(request);
      if (path === undefined) return false;
      runnerFor({ name: nameIn(path) });
      await calls.take(path, request, response);
      return true;
    },
  });
  const endSchedule = startSchedule(scheduledFunctions(options, runners), report);

  async function toTarget(...[request, work]: Parameters<ToTarget>): Promise<void> {
    const url = urlBehind(request);
    const route = findRoute(url);
    switch (route?.to) {
      case 'redirect':
        throw new AppError('moved', 308, 'It has a slash at its end.', { headers: { location: route.location } });
      case 'service':
        return work({ ...route, ...options.findService(route) });
      case 'function':
        return runnerFor(route).use((port) => work({ ...route, host: '127.0.0.1', port, patienceMs }));
      case undefined:
        throw notFound(`No function has the path ${url}.`);
    }
  }

  function runnerFor({ name }: Pick<FunctionRoute, 'name'>): FunctionRunner {
    const runner = runners.get(name);
    if (!runner) throw notFound(`There is no function ${name}.`);
    return runner;
  }

  return {
    port: server.port,
    runnerOf: (name) => runners.get(name),
    async stop() {
      endSchedule();
      calls.stop();
      server.close();
      await Promise.all([...runners.values()].map((runner) => runner.stop()));
      server.cut();
    },
  };
}

function createRunners(options: GatewayOptions): ReadonlyMap<string, FunctionRunner> {
  const entries = Object.entries(options.functions).map(([name, { command, environment: own = {} }]) => {
    const [output, environment] = [options.openOutput(name), { ...options.environment, ...own }];
    return [name, createFunctionRunner({ ...options, name, command, environment, output })] as const;
  });
  return new Map(entries);
}

function scheduledFunctions(
  { functions }: GatewayOptions,
  runners: ReadonlyMap<string, FunctionRunner>,
): readonly ScheduledFunction[] {
  return [...runners].flatMap(([name, runner]) => {
    const everyMs = functions[name]?.everyMs;
    return everyMs === undefined ? [] : [{ name, runner, everyMs }];
  });
}

/** Where OpenFaaS has two hops, this gateway has one. */
function urlBehind({ url = '/', headers }: IncomingMessage): string {
  if (!isFunctionUrl(url)) return url;
  const passage = throughGateway(url, wantsStream({ headers }));
  if (passage.is === 'passed') return passage.url;
  throw refusalOf(passage);
}

function refusalOf(passage: Exclude<Passage, { is: 'passed' }>): AppError {
  if (passage.is === 'refused') return new AppError('bad_path', 400, 'The path is not percent-encoded.');
  if (passage.is === 'broken') return new AppError(BROKEN, 500, 'The gateway cannot pass this path on.');
  const { location } = passage;
  return new AppError('moved', 301, 'Its path has no empty or dotted segments.', { headers: { location } });
}

/** `services/api/...?query` of `/async-function/services/api/...?query`. */
function asyncPath(request: IncomingMessage): string | undefined {
  return request.url?.startsWith(ASYNC) ? urlBehind(request).slice(ASYNC.length) : undefined;
}

function nameIn(path: string): string {
  return /^[^/?.]*/.exec(path)?.[0] ?? '';
}

function notFound(detail: string): AppError {
  return new AppError('not_found', 404, detail);
}
