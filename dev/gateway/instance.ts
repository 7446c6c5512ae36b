// One process of a function: started on a free port, ready when it says so, ended gently and then for good.
import { spawn, type ChildProcess } from 'node:child_process';
import { get } from 'node:http';
import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { killGroup, type ProcessRecord } from '../cluster/kubelet/processRecord';

export interface InstanceOptions {
  readonly command: readonly [program: string, ...args: string[]];
  readonly environment: Readonly<Record<string, string>>;
  /** Where its output goes: an open file, or this process' own output. */
  readonly output: number | 'inherit';
  readonly readyTimeoutMs: number;
  /** Writes down what runs, so that a later run can end what a killed one left behind. */
  readonly remember: (pid: number) => ProcessRecord;
}

export interface Instance {
  readonly port: number;
  readonly hasExited: () => boolean;
  readonly exited: Promise<string>;
  /** Ends it within `graceMs`; what still runs then is cut. */
  readonly stop: (graceMs: number) => Promise<void>;
}

const pollMs = 20;

/** An instance that has been spawned but may not be ready yet. */
export async function spawnInstance({ command, environment, output, remember }: InstanceOptions): Promise<Instance> {
  const port = await freePort();
  const [program, ...args] = command;
  const child = spawn(program, args, {
    env: { ...environment, PORT: String(port) },
    stdio: ['ignore', output, output],
    // Its own group: Ctrl-C reaches this process only, which then lets the function finish what it does.
    detached: true,
  });
  const record = child.pid === undefined ? undefined : remember(child.pid);
  const killNow = (): void => void (child.pid !== undefined && killGroup(child.pid, 'SIGKILL'));
  const forget = killAtExit(killNow);
  const exited = howItExited(child).finally(() => {
    forget();
    record?.forget();
  });
  return {
    port,
    exited,
    hasExited: () => child.exitCode !== null || child.signalCode !== null || child.pid === undefined,
    async stop(graceMs) {
      child.kill('SIGTERM');
      const timer = setTimeout(killNow, graceMs);
      await exited;
      clearTimeout(timer);
    },
  };
}

const atExit = new Set<() => void>();

/** One listener for all of them: Node takes many for a leak. */
function killAtExit(kill: () => void): () => void {
  if (atExit.size === 0) process.once('exit', killAll);
  atExit.add(kill);
  return () => {
    atExit.delete(kill);
    if (atExit.size === 0) process.off('exit', killAll);
  };
}

function killAll(): void {
  for (const kill of atExit) kill();
}

/** Throws why it will not become ready. */
export async function untilReady({ port, exited, hasExited }: Instance, timeoutMs: number): Promise<void> {
  const deadline = performance.now() + timeoutMs;
  while (!(await isReady(port))) {
    if (hasExited()) throw new Error(`it ended before it was ready (${await exited})`);
    if (performance.now() > deadline) throw new Error(`it was not ready after ${timeoutMs / 1000} s`);
    await sleep(pollMs);
  }
}

function howItExited(child: ChildProcess): Promise<string> {
  return new Promise((resolve) => {
    child.on('exit', (code, signal) => resolve(signal ?? `exit code ${code}`));
    child.on('error', (error) => resolve(error.message));
  });
}

function isReady(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const request = get({ host: '127.0.0.1', port, path: '/health/readiness', agent: false, timeout: 5_000 });
    request.on('response', (response) => {
      response.resume();
      resolve(response.statusCode === 200);
    });
    request.on('timeout', () => request.destroy(new Error('no answer')));
    request.on('error', () => resolve(false));
  });
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}
