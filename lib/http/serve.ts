// Runs a function as a process: listens, ends when it is asked to, and dies with one log line on what nobody expected.
import type { Server } from 'node:http';
import type { Log } from '../log';
import type { DrainConfig } from './drain';
import { createFront, type Front, type FrontConfig, type FrontOptions } from './front';

export interface ServeConfig extends FrontConfig, DrainConfig {
  readonly port: number;
  /** All addresses by default, as in a container. */
  readonly host?: string | undefined;
}

export interface ServeOptions extends FrontOptions {
  readonly config: ServeConfig;
}

export async function serve(options: ServeOptions): Promise<void> {
  const { config, log } = options;
  const front = createFront(options);
  process.on('uncaughtException', (error) => die(log, 'uncaught error', error));
  drainOnSignal(front, options);
  try {
    await listen(front.server, config);
    log.info('listening', { address: front.server.address() });
  } catch (error) {
    die(log, 'cannot listen', error);
  }
}

function listen(server: Server, { port, host }: ServeConfig): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
}

function drainOnSignal({ drain }: Front, { config, log }: ServeOptions): void {
  const onSignal = (signal: string): void => {
    if (drain.isDraining()) return void process.exit(1);
    log.info('draining', { signal });
    void drain.start(config).then((unfinished) => {
      if (unfinished > 0) log.warn('drained too late', { unfinished });
      process.exit(0);
    });
  };
  process.on('SIGTERM', onSignal).on('SIGINT', onSignal);
}

/** Nobody knows what state is left, so a new process is the only sound answer. */
function die(log: Log, message: string, error: unknown): void {
  log.error(message, { fatal: true, error });
  process.exit(1);
}
