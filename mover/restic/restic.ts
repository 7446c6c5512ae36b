// The one door to restic: a process for each command, its output as lines, its end as a value. No shell, a bare environment.
import { spawn, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { Failure, failureOf } from '../failure';
import type { Environment } from '../places';
import { NO_OUTAGE, type Outage } from './outage';

export interface Ran {
  /** -1 when it was ended by a signal or could not be started. */
  readonly code: number;
  /** The last of its standard error. */
  readonly said: string;
}

export interface Call {
  readonly args: readonly string[];
  /** Another key than the user's. */
  readonly passwordFile?: string;
  /** Each line of standard output, and with `isMixed` of standard error. */
  readonly onLine?: (line: string) => void;
  readonly isMixed?: boolean;
}

export interface Output {
  readonly stdout: Readable;
  readonly ended: Promise<Ran>;
  readonly end: () => void;
}

export interface Restic {
  /** The end as it is; throws when the mover was interrupted. */
  readonly run: (call: Call) => Promise<Ran>;
  /** Standard output as it comes. */
  readonly open: (call: Pick<Call, 'args'>) => Output;
  /** The id of the key that opens: restic tries others first otherwise, half a second each. */
  readonly hint: (key: string) => void;
  readonly environment: Environment;
}

export interface ResticOptions {
  readonly environment: Environment;
  readonly passwordFile: string;
  readonly signal: AbortSignal;
  readonly outage?: Outage;
}

const PROGRAM = 'restic';
const SAID_LIMIT = 64 * 1024;
const PATIENCE_MS = 15_000;
const INTERRUPTED = 'The mover was told to end. What it did not finish is done when it is repeated.';

export function createRestic({ environment, passwordFile, signal, outage = NO_OUTAGE }: ResticOptions): Restic {
  const ending = AbortSignal.any([signal, outage.signal]);
  let key: string | undefined;
  const start = ({ args, passwordFile: other }: Pick<Call, 'args' | 'passwordFile'>): Started => {
    if (signal.aborted) throw new Failure('Interrupted', INTERRUPTED);
    const variables = {
      ...childVariables(environment),
      RESTIC_PASSWORD_FILE: other ?? passwordFile,
      ...(key !== undefined && other === undefined && { RESTIC_KEY_HINT: key }),
    };
    const started = begin(args, variables, ending);
    started.stderr.on('data', outage.hear);
    return started;
  };
  return {
    environment,
    hint: (id) => {
      key = id;
    },
    open: (call) => start(call),
    run: async (call) => {
      const started = start(call);
      if (call.onLine === undefined) started.stdout.resume();
      else createInterface(started.stdout).on('line', call.onLine);
      if (call.onLine !== undefined && call.isMixed) createInterface(started.stderr).on('line', call.onLine);
      const ran = await started.ended.finally(outage.rest);
      outage.signal.throwIfAborted();
      if (signal.aborted) throw new Failure('Interrupted', INTERRUPTED);
      return ran;
    },
  };
}

/** Runs it, and throws the reason unless it ends well. */
export async function mustRun(restic: Restic, call: Call): Promise<void> {
  const { code, said } = await restic.run(call);
  if (code !== 0) throw failureOf(said);
}

/** One JSON document that it prints. */
export async function readJson(restic: Restic, call: Call): Promise<unknown> {
  const lines: string[] = [];
  await mustRun(restic, { ...call, onLine: (line) => void lines.push(line) });
  return JSON.parse(lines.join('\n')) as unknown;
}

/** Undefined where a line is none: restic prints some text between its JSON. */
export function parseLine(line: string): Readonly<Record<string, unknown>> | undefined {
  if (!line.startsWith('{')) return undefined;
  try {
    return JSON.parse(line) as Record<string, unknown>;
  } catch {
    return undefined;
  }
}

interface Started extends Output {
  readonly stderr: Readable;
}

function begin(args: readonly string[], env: Record<string, string>, signal: AbortSignal): Started {
  const child = spawn(PROGRAM, args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
  // It removes its lock at SIGINT; old ones do not know SIGTERM.
  const end = (): void => {
    child.kill('SIGINT');
    setTimeout(() => child.kill('SIGKILL'), PATIENCE_MS).unref();
  };
  signal.addEventListener('abort', end, { once: true });
  const ended = untilEnded(child).finally(() => signal.removeEventListener('abort', end));
  return { stdout: child.stdout, stderr: child.stderr, ended, end };
}

async function untilEnded(child: ChildProcess): Promise<Ran> {
  let said = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    said = (said + text).slice(-SAID_LIMIT);
  });
  return new Promise((resolve) => {
    child.once('error', ({ message }) => resolve({ code: -1, said: `restic cannot be started: ${message}` }));
    child.once('close', (code) => resolve({ code: code ?? -1, said }));
  });
}

/** Nothing else of the pod's environment reaches it. */
function childVariables(environment: Environment): Record<string, string> {
  const { RESTIC_REPOSITORY, RESTIC_CACHE_DIR, AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY } = environment;
  const { AWS_DEFAULT_REGION, PATH, TMPDIR } = environment;
  const given = { RESTIC_REPOSITORY, RESTIC_CACHE_DIR, AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_DEFAULT_REGION };
  const all = { ...given, PATH, TMPDIR, HOME: RESTIC_CACHE_DIR, RESTIC_PROGRESS_FPS: '1' };
  return Object.fromEntries(
    Object.entries(all).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
}
