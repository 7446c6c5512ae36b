// Runs a function only while someone needs it: started by the first request, ended when idle, started again after a crash.
import { AppError } from '../../lib/errors';
import { spawnInstance, untilReady, type Instance, type InstanceOptions } from './instance';

export interface RunnerOptions extends InstanceOptions {
  readonly name: string;
  readonly idleMs: number;
  readonly report: (message: string) => void;
}

export interface FunctionRunner {
  /** Runs `work` against a ready instance, which lives at least until it is done. */
  readonly use: <T>(work: (port: number) => Promise<T>) => Promise<T>;
  readonly stop: () => Promise<void>;
}

interface Running {
  readonly instance: Promise<Instance>;
  readonly ready: Promise<Instance>;
  inFlight: number;
  idle?: NodeJS.Timeout;
}

const graceMs = 4_000;

export function createFunctionRunner(options: RunnerOptions): FunctionRunner {
  const { name, idleMs, report } = options;
  const alive = new Set<Running>();
  let current: Running | undefined;

  function start(): Running {
    const running = startInstance(options);
    alive.add(running);
    void forgetWhenExited(running);
    return running;
  }

  async function forgetWhenExited(running: Running): Promise<void> {
    const how = await running.instance.then(({ exited }) => exited).catch(String);
    alive.delete(running);
    clearTimeout(running.idle);
    if (current !== running) return;
    current = undefined;
    report(`${name} ended by itself (${how}); the next request starts it again`);
  }

  async function retire(running: Running): Promise<void> {
    if (current === running) current = undefined;
    await (await running.instance).stop(graceMs);
  }

  function release(running: Running): void {
    running.inFlight -= 1;
    if (running.inFlight > 0 || current !== running) return;
    running.idle = setTimeout(() => {
      report(`${name} was idle for ${idleMs / 1000} s and is stopped`);
      void retire(running);
    }, idleMs).unref();
  }

  return {
    async use(work) {
      const running = (current ??= start());
      clearTimeout(running.idle);
      running.inFlight += 1;
      try {
        const { port } = await running.ready.catch((error: unknown) => {
          void retire(running);
          throw notStarted(name, error);
        });
        return await work(port);
      } finally {
        release(running);
      }
    },
    async stop() {
      await Promise.all([...alive].map(retire));
    },
  };
}

function startInstance(options: RunnerOptions): Running {
  const startedAt = performance.now();
  const instance = spawnInstance(options);
  const ready = instance.then(async (spawned) => {
    await untilReady(spawned, options.readyTimeoutMs);
    options.report(`${options.name} is ready after ${Math.round(performance.now() - startedAt)} ms`);
    return spawned;
  });
  return { instance, ready, inFlight: 0 };
}

function notStarted(name: string, cause: unknown): AppError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new AppError('bad_gateway', 502, `The function ${name} did not start: ${reason}.`, { cause });
}
