// Runs ssh for one command and collects what it says; never longer than its time, and never through a shell of ours.
import { spawn } from 'node:child_process';
import { beginningOf } from './beginningOf';

export interface Ran {
  /** Of the command; 255 when ssh itself failed; -1 when it was ended or could not be started. */
  readonly code: number;
  readonly output: string;
  readonly said: string;
}

export interface RunOptions {
  /** What the command reads. */
  readonly input?: string;
  readonly signal: AbortSignal;
}

export const SSH = 'ssh';
/** Of each stream; answers of Slurm are some lines, and what a host says more would only fill the memory. */
const MAX_BYTES = 1024 * 1024;
/** As a script that hangs there looks like a host that does. */
const NO_ANSWER = 'No answer in time. What the shell of the login runs at its start, as ~/.bashrc, counts, too.';

export async function runSsh(args: readonly string[], { input = '', signal }: RunOptions): Promise<Ran> {
  const child = spawn(SSH, args, { stdio: ['pipe', 'pipe', 'pipe'], signal, killSignal: 'SIGKILL' });
  const ended = new Promise<{ readonly code: number; readonly trouble?: string }>((resolve) => {
    child.once('error', ({ message }) => resolve({ code: -1, trouble: signal.aborted ? NO_ANSWER : message }));
    child.once('close', (code) => resolve({ code: code ?? -1 }));
  });
  // Who does not read its input to the end still has an exit code to tell.
  child.stdin.on('error', () => undefined).end(input);
  const [output, said, { code, trouble }] = await Promise.all([
    beginningOf(child.stdout, MAX_BYTES),
    beginningOf(child.stderr, MAX_BYTES),
    ended,
  ]);
  return { code, output, said: trouble ?? said };
}
