// One connection to a host: an ssh of its own that others share through a socket, open when that socket is there.
import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, rmSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { masterArguments, type Forward, type SshPlace } from '../ssh/arguments';
import { failureOf, LOST, type Failure } from '../ssh/failure';
import { SSH } from '../ssh/run';

export interface Connection {
  readonly socket: string;
  /** Resolves when it is over, with the reason. */
  readonly closed: Promise<Failure>;
  readonly end: () => void;
}

export interface ConnectOptions {
  readonly place: SshPlace;
  /** A path that is short enough for a socket. */
  readonly socket: string;
  readonly forwards: readonly Forward[];
  readonly signal: AbortSignal;
}

const LOOK_MS = 10;
/** ssh limits parts of the way by itself, but not all of it. */
const OPEN_LIMIT_MS = 25_000;
/** Enough for every complaint, whatever a host sends. */
const SAID_LIMIT = 16 * 1024;

/** The reason when it does not open. ssh makes its socket after the login, when all forwards listen. */
export async function openConnection(options: ConnectOptions): Promise<Connection | Failure> {
  const { place, socket, forwards, signal } = options;
  rmSync(socket, { force: true });
  const child = spawn(SSH, masterArguments(place, socket, forwards), { stdio: ['ignore', 'ignore', 'pipe'] });
  const end = (): void => void child.kill('SIGKILL');
  signal.addEventListener('abort', end, { once: true });
  const tooLong = setTimeout(end, OPEN_LIMIT_MS);
  const closed = untilClosed(child).finally(() => signal.removeEventListener('abort', end));
  const opening = new AbortController();
  const result = await Promise.race([closed, untilThere(socket, opening.signal)]);
  opening.abort();
  clearTimeout(tooLong);
  return result === 'there' ? { socket, closed, end } : result;
}

async function untilThere(socket: string, signal: AbortSignal): Promise<'there'> {
  while (!existsSync(socket) && !signal.aborted) await sleep(LOOK_MS);
  return 'there';
}

export function isOpen(result: Connection | Failure): result is Connection {
  return 'closed' in result;
}

async function untilClosed(child: ChildProcess): Promise<Failure> {
  let said = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    said = (said + text).slice(-SAID_LIMIT);
  });
  return new Promise((resolve) => {
    child.once('error', ({ message }) => resolve({ reason: 'NoSsh', message: `ssh cannot be started: ${message}` }));
    child.once('close', () => resolve(failureOf(said, LOST)));
  });
}
