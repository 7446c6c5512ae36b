// Runs a function as a process: listens, ends when it is asked to, and dies with one log line on what nobody expected.
import type { Server } from 'node:http';
import type { Logging } from '../logHandlers/logging';
import type { DrainConfig } from './drain';
import { createFront, type Front, type FrontConfig, type FrontOptions } from './front';

export interface ServeConfig extends FrontConfig, DrainConfig {
  readonly port: number;
  /** All addresses by default, as in a container. */
  readonly host?: string | undefined;
  /** Where the login of the mail server for log handlers is. */
  readonly smtpDirectory?: string;
}

export interface ServeOptions extends FrontOptions {
  readonly config: ServeConfig;
  /** Followed as soon as the function listens, and flushed before it ends. */
  readonly logging?: Logging | undefined;
}

/** What was logged last has this long to leave the process. */
const FLUSH_MS = 1_500;
/** The same when nobody knows what state is left. */
const LAST_FLUSH_MS = 500;

export async function serve(options: ServeOptions): Promise<void> {
  const { config, log, logging, metrics } = options;
  const front = createFront({ ...options, metrics: () => `${metrics?.() ?? ''}${logging?.metrics() ?? ''}` });
  process.on('uncaughtException', (error) => die(options, 'uncaught error', error));
  drainOnSignal(front, options);
  try {
    await listen(front.server, config);
    log.info('listening', { address: front.server.address() });
    logging?.follow(config);
  } catch (error) {
    die(options, 'cannot listen', error);
  }
}

function listen(server: Server, { port, host }: ServeConfig): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
}

function drainOnSignal({ drain }: Front, { config, log, logging }: ServeOptions): void {
  const onSignal = (signal: string): void => {
    if (drain.isDraining()) return void process.exit(1);
    log.info('draining', { signal });
    void drain.start(config).then(async (unfinished) => {
      if (unfinished > 0) log.warn('drained too late', { unfinished });
      await logging?.close(FLUSH_MS);
      process.exit(0);
    });
  };
  process.on('SIGTERM', onSignal).on('SIGINT', onSignal);
}

/** Nobody knows what state is left, so a new process is the only sound answer. */
function die({ log, logging }: ServeOptions, message: string, error: unknown): void {
  log.error(message, { fatal: true, error });
  if (logging === undefined) process.exit(1);
  void logging.close(LAST_FLUSH_MS).finally(() => process.exit(1));
}
