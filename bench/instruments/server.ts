// Starts a program that serves HTTP on the port it is told, and takes the time until it answers for the first time.
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { request } from 'node:http';
import { createServer, type AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

export interface Program {
  /** Arguments of node: a script and what it takes. */
  readonly args: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  /** What it writes goes here. */
  readonly logFile: string;
  /** Asked again until it is answered 200. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Server {
  readonly url: string;
  readonly pid: number;
  /** From the start of the process to the whole of its first 200. */
  readonly firstAnswerMs: number;
  readonly stop: () => Promise<void>;
}

const PATIENCE_MS = 30_000;

export async function startServer(program: Program): Promise<Server> {
  const port = await freePort();
  const log = openSync(program.logFile, 'w');
  const env = { PATH: process.env['PATH'], NODE_ENV: 'production', ...program.environment, PORT: String(port) };
  const startedAt = performance.now();
  const child = spawn(process.execPath, program.args, { env, stdio: ['ignore', log, log] });
  closeSync(log);
  const url = `http://127.0.0.1:${port}`;
  try {
    await untilOk(child, url, program);
  } catch (error) {
    child.kill('SIGKILL');
    throw error;
  }
  const firstAnswerMs = performance.now() - startedAt;
  return { url, pid: child.pid ?? 0, firstAnswerMs, stop: async () => stop(child) };
}

async function untilOk(
  child: ChildProcess,
  url: string,
  { path, headers = {}, logFile, args }: Program,
): Promise<void> {
  const giveUpAt = performance.now() + PATIENCE_MS;
  while ((await statusOf(url + path, headers)) !== 200) {
    if (child.exitCode !== null || performance.now() > giveUpAt) {
      throw new Error(`${args.join(' ')} does not answer:\n${readFileSync(logFile, 'utf8').slice(-2_000)}`);
    }
    await sleep(1);
  }
}

/** 0 while nobody listens. */
async function statusOf(url: string, headers: Readonly<Record<string, string>>): Promise<number> {
  return new Promise((resolve) => {
    const asked = request(url, { headers, agent: false }, (incoming) => {
      incoming.resume().on('end', () => resolve(incoming.statusCode ?? 0));
    });
    asked.on('error', () => resolve(0)).end();
  });
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as AddressInfo;
  await new Promise((resolve) => probe.close(resolve));
  return port;
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  child.kill('SIGKILL');
  await exited;
}
