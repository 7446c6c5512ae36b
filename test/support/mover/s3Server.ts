// A real S3 server on this machine: versitygw over a folder, with one bucket.
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from '../eventually';
import { freePort } from '../userjobs/freePort';

export interface S3Server {
  /** Of the bucket. */
  readonly url: string;
  /** The same, as restic takes it. */
  readonly repository: string;
  /** Where the bucket is kept: its objects are files there. */
  readonly folder: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly stop: () => Promise<void>;
  readonly start: () => Promise<void>;
  readonly remove: () => Promise<void>;
}

const BUCKET = 'archive';

/** `host`: an address of this machine that those who use it can reach. */
export async function startS3Server(host = '127.0.0.1'): Promise<S3Server> {
  const folder = mkdtempSync(join(tmpdir(), 'hub-functions-s3-'));
  mkdirSync(join(folder, 'data', BUCKET), { recursive: true });
  mkdirSync(join(folder, 'meta'));
  const port = await freePort(host);
  const origin = `http://${host}:${port}`;
  const keys = { AWS_ACCESS_KEY_ID: 'archivist', AWS_SECRET_ACCESS_KEY: 'of the archivist' };
  const env = {
    PATH: process.env['PATH'] ?? '',
    ROOT_ACCESS_KEY: keys.AWS_ACCESS_KEY_ID,
    ROOT_SECRET_KEY: keys.AWS_SECRET_ACCESS_KEY,
  };
  const args = ['--port', `${host}:${port}`, 'posix', '--sidecar', join(folder, 'meta'), join(folder, 'data')];
  let running: ChildProcess | undefined;
  const isRunning = (): boolean => running !== undefined && running.exitCode === null && running.signalCode === null;
  const start = async (): Promise<void> => {
    if (isRunning()) return;
    running = spawn('versitygw', args, { env, stdio: 'ignore' });
    await eventually(async () => (await fetch(origin)).status);
  };
  const stop = async (): Promise<void> => {
    if (running === undefined || !isRunning()) return;
    const ended = once(running, 'exit');
    running.kill('SIGKILL');
    await ended;
  };
  await start();
  return {
    url: `${origin}/${BUCKET}`,
    repository: `s3:${origin}/${BUCKET}`,
    folder: join(folder, 'data', BUCKET),
    environment: keys,
    stop,
    start,
    remove: async () => {
      await stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
