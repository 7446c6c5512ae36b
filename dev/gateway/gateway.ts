// Stands in for Knative's or OpenFaaS' gateway on a developer's machine: one local address for all functions and service pages.
import { AppError } from '../../lib/errors';
import type { Target } from './forward';
import { createFunctionRunner, type FunctionRunner } from './functionRunner';
import type { InstanceOptions } from './instance';
import { startLocalServer } from './localServer';
import { findRoute, type FunctionRoute, type ServiceRoute } from './routes';
import { startSchedule, type Report, type ScheduledFunction } from './schedule';

export interface GatewayFunction {
  readonly command: InstanceOptions['command'];
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

/** Rejects when the port is taken. */
export async function startGateway(options: GatewayOptions): Promise<Gateway> {
  const runners = createRunners(options);
  const server = await startLocalServer(options.port, toTarget);
  const endSchedule = startSchedule(scheduledFunctions(options, runners), options.report);

  async function toTarget(url: string, work: (target: Target) => Promise<void>): Promise<void> {
    const route = findRoute(url);
    switch (route?.to) {
      case 'redirect':
        throw new AppError('moved', 308, 'It has a slash at its end.', { headers: { location: route.location } });
      case 'service':
        return work({ ...route, ...options.findService(route) });
      case 'function':
        return runnerFor(route).use((port) => work({ ...route, host: '127.0.0.1', port }));
      case undefined:
        throw notFound(`No function has the path ${url}.`);
    }
  }

  function runnerFor({ name }: FunctionRoute): FunctionRunner {
    const runner = runners.get(name);
    if (!runner) throw notFound(`There is no function ${name}.`);
    return runner;
  }

  return {
    port: server.port,
    runnerOf: (name) => runners.get(name),
    async stop() {
      endSchedule();
      server.close();
      await Promise.all([...runners.values()].map((runner) => runner.stop()));
      server.cut();
    },
  };
}

function createRunners(options: GatewayOptions): ReadonlyMap<string, FunctionRunner> {
  const entries = Object.entries(options.functions).map(([name, { command }]) => {
    const output = options.openOutput(name);
    return [name, createFunctionRunner({ ...options, name, command, output })] as const;
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

function notFound(detail: string): AppError {
  return new AppError('not_found', 404, detail);
}
