// A function as it runs in production: the built bundle in a process of its own, told by its environment only.
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { eventually } from './eventually';
import { sendRequest, type Answer, type Sent } from './httpClient';

export interface FunctionProcess {
  readonly url: string;
  /** What has to be sent with a request to `url`, where that is an ingress. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly request: (method: string, path: string, sent?: Sent) => Promise<Answer>;
  /** Everything that it wrote. */
  readonly output: () => string;
  /** SIGTERM, then until it is gone. */
  readonly stop: () => Promise<void>;
  readonly kill: (signal: NodeJS.Signals) => void;
  /** Its exit code; only of a process of this machine. */
  readonly exited?: Promise<number | null>;
}

export type FunctionEnvironment = Readonly<Record<string, string>>;

const DIST = process.env['DIST_DIR'] ?? 'dist';

export async function startFunction(name: string, environment: FunctionEnvironment): Promise<FunctionProcess> {
  const bundle = resolve(DIST, 'functions', name, 'index.js');
  const inherited = { PATH: process.env['PATH'] ?? '' };
  const env = { ...inherited, PORT: '0', LISTEN_HOST: '127.0.0.1', ...environment };
  const child = spawn(process.execPath, ['--enable-source-maps', bundle], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  const exited = once(child, 'exit').then(([code]: (number | null)[]) => code ?? null);
  const lines: string[] = [];
  for (const stream of [child.stdout, child.stderr]) createInterface(stream).on('line', (line) => lines.push(line));
  const output = (): string => lines.join('\n');
  const url = await readyUrl(child, lines).catch((error: unknown) => {
    // Nobody else would ever end it.
    child.kill('SIGKILL');
    throw error;
  });
  const request: FunctionProcess['request'] = async (method, path, sent) =>
    sendRequest(method, { origin: url, path }, sent);
  return { url, request, output, stop: async () => end(child), kill: (signal) => void child.kill(signal), exited };
}

async function readyUrl(child: ChildProcess, lines: string[]): Promise<string> {
  const url = `http://127.0.0.1:${await listeningPort(child, lines)}`;
  const readiness = { origin: url, path: '/health/readiness' };
  await eventually(async () => ((await sendRequest('GET', readiness)).status === 200 ? true : undefined));
  return url;
}

async function listeningPort(child: ChildProcess, lines: readonly string[]): Promise<number> {
  return eventually(async () => {
    const line = lines.find((candidate) => candidate.includes('"message":"listening"'));
    if (line !== undefined) return (JSON.parse(line) as { address: { port: number } }).address.port;
    if (child.exitCode !== null) throw new Error(`the function ended at start:\n${lines.join('\n')}`);
    return undefined;
  });
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  child.kill('SIGTERM');
  const late = setTimeout(() => child.kill('SIGKILL'), 10_000);
  await exited;
  clearTimeout(late);
}
