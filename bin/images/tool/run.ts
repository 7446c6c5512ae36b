// Runs a program to its end and keeps what it says; never through a shell.
import { spawn } from 'node:child_process';
import type { Readable } from 'node:stream';
import { hasErrno } from '../errno';

export interface Ran {
  /** -1 when it was ended, or could not be started. */
  readonly code: number;
  readonly output: string;
  /** Its last words. */
  readonly said: string;
  readonly isMissing: boolean;
}

export interface RunOptions {
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly input?: string;
  readonly signal?: AbortSignal | undefined;
  /** Is told each line at once. */
  readonly tell?: ((line: string) => void) | undefined;
}

/** Enough for the list of what a large machine holds; a build may say more. */
const KEPT = 4 * 1024 * 1024;

export async function run(
  [program = '', ...args]: readonly string[],
  { environment, input, signal, tell }: RunOptions,
): Promise<Ran> {
  const child = spawn(program, args, { env: environment, stdio: ['pipe', 'pipe', 'pipe'], ...(signal && { signal }) });
  const ended = new Promise<{ readonly code: number; readonly error?: Error }>((resolve) => {
    child.once('error', (error) => resolve({ code: -1, error }));
    child.once('close', (code) => resolve({ code: code ?? -1 }));
  });
  child.stdin.on('error', () => undefined).end(input);
  const [output, said, { code, error }] = await Promise.all([
    kept(child.stdout, tell),
    kept(child.stderr, tell),
    ended,
  ]);
  return { code, output, said: error?.message ?? said, isMissing: hasErrno(error, 'ENOENT') };
}

async function kept(stream: Readable, tell: RunOptions['tell']): Promise<string> {
  let all = '';
  let line = '';
  for await (const text of stream.setEncoding('utf8') as AsyncIterable<string>) {
    all = (all + text).slice(-KEPT);
    const lines = (line + text).split(/\r?\n/);
    line = lines.pop() ?? '';
    for (const whole of lines) tell?.(whole);
  }
  if (line !== '') tell?.(line);
  return all;
}
