// A program that a test runs: its output goes to a file, and it is ended by its own pid.
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { eventually } from '../support/eventually';

export interface ProgramOptions {
  readonly command: readonly [string, ...string[]];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  readonly log: string;
}

export interface Program {
  /** Everything that it wrote. */
  readonly output: () => string;
  /** Waits for a result of `attempt`; fails at once when the program ends before that. */
  readonly until: <T>(attempt: () => Promise<T> | T, seconds: number) => Promise<NonNullable<T>>;
  /** SIGTERM, then until it is gone. */
  readonly end: () => Promise<void>;
}

const END_TIMEOUT_MS = 15_000;

export function startProgram({ command: [program, ...args], cwd, env, log }: ProgramOptions): Program {
  const file = openSync(log, 'a');
  const child = spawn(program, args, { cwd, env, stdio: ['ignore', file, file] });
  closeSync(file);
  const ended = new Promise<string>((resolve) => {
    child.on('error', ({ message }) => resolve(message)).on('exit', (code, signal) => resolve(`${code ?? signal}`));
  });
  return {
    output: () => readFileSync(log, 'utf8'),
    until: async (attempt, seconds) =>
      Promise.race([
        eventually(async () => attempt(), seconds),
        ended.then((how) => {
          throw new Error(`${program} ended: ${how}`);
        }),
      ]),
    end: async () => end(child),
  };
}

async function end(child: ChildProcess): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  child.kill('SIGTERM');
  const late = setTimeout(() => child.kill('SIGKILL'), END_TIMEOUT_MS);
  await exited;
  clearTimeout(late);
}
