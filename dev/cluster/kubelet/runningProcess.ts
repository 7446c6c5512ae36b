// One process with all its descendants, in a group of its own: started, ended politely or not, never left behind.
import { spawn, type ChildProcess } from 'node:child_process';
import { constants } from 'node:os';
import type { Readable } from 'node:stream';
import type { Values } from '../controllers/wire';
import { killGroup, rememberProcess } from './processRecord';
import type { Stream } from './logFile';

export interface ProcessSpec {
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Values;
  readonly cwd: string;
  readonly user?: { readonly uid: number; readonly gid?: number } | undefined;
  readonly stateDir: string;
  readonly output: (stream: Stream, chunk: Uint8Array) => Promise<void>;
}

export interface RunningProcess {
  readonly pid: number;
  /** Resolves to the exit code once the whole group is gone and all output is taken; 128 + n for signal n. */
  readonly exited: Promise<number>;
  /** SIGTERM now, SIGKILL after the grace; a repeated call may only shorten it. */
  readonly end: (graceMs: number) => void;
}

/** Output held open by a process that left the group is not waited for. */
const OUTPUT_PATIENCE_MS = 1000;

/** Rejects with the system's error when the command cannot be started. */
export async function startProcess(spec: ProcessSpec): Promise<RunningProcess> {
  const child = spawn(spec.command, spec.args, {
    cwd: spec.cwd,
    env: spec.env,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    ...spec.user,
  });
  const { pid } = child;
  if (pid === undefined) return new Promise((_, reject) => void child.once('error', reject));
  const record = rememberProcess(spec.stateDir, pid);
  const exited = waitForEnd(child, pid, spec).finally(record.forget);
  return { pid, exited, end: createEnd(child, pid) };
}

async function waitForEnd(child: ChildProcess, pid: number, { output }: ProcessSpec): Promise<number> {
  const pumps = Promise.allSettled([pump(child.stdout, 'stdout', output), pump(child.stderr, 'stderr', output)]);
  const exitCode = await new Promise<number>((resolve) => {
    child.once('exit', (code, signal) => {
      // The first process stands for the container: when it ends, so do all it started.
      killGroup(pid, 'SIGKILL');
      resolve(code ?? 128 + (signal === null ? 0 : constants.signals[signal]));
    });
  });
  const patience = setTimeout(() => {
    child.stdout?.destroy();
    child.stderr?.destroy();
  }, OUTPUT_PATIENCE_MS);
  await pumps;
  clearTimeout(patience);
  return exitCode;
}

async function pump(readable: Readable | null, stream: Stream, output: ProcessSpec['output']): Promise<void> {
  for await (const chunk of readable ?? []) await output(stream, chunk as Uint8Array);
}

function createEnd(child: ChildProcess, pid: number): RunningProcess['end'] {
  let killAt = Number.POSITIVE_INFINITY;
  let timer: NodeJS.Timeout | undefined;
  let isOver = false;
  child.once('exit', () => {
    isOver = true;
    clearTimeout(timer);
  });
  return (graceMs) => {
    const at = performance.now() + graceMs;
    if (isOver || at >= killAt) return;
    if (killAt === Number.POSITIVE_INFINITY && graceMs > 0) killGroup(pid, 'SIGTERM');
    killAt = at;
    clearTimeout(timer);
    if (graceMs > 0) timer = setTimeout(() => killGroup(pid, 'SIGKILL'), graceMs);
    else killGroup(pid, 'SIGKILL');
  };
}
