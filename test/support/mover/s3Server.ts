// A real S3 server on this machine: versitygw over a folder, with one bucket.
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from '../eventually';
import { freePort } from '../userjobs/freePort';

export interface S3Server {
  /** Of the bucket, as restic takes it. */
  readonly repository: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly stop: () => Promise<void>;
  readonly start: () => Promise<void>;
  readonly remove: () => Promise<void>;
}

const BUCKET = 'archive';

export async function startS3Server(): Promise<S3Server> {
  const folder = mkdtempSync(join(tmpdir(), 'hub-functions-s3-'));
  mkdirSync(join(folder, 'data', BUCKET), { recursive: true });
  mkdirSync(join(folder, 'meta'));
  const port = await freePort();
  const keys = { AWS_ACCESS_KEY_ID: 'archivist', AWS_SECRET_ACCESS_KEY: 'of the archivist' };
  const env = {
    PATH: process.env['PATH'] ?? '',
    ROOT_ACCESS_KEY: keys.AWS_ACCESS_KEY_ID,
    ROOT_SECRET_KEY: keys.AWS_SECRET_ACCESS_KEY,
  };
  const args = ['--port', `127.0.0.1:${port}`, 'posix', '--sidecar', join(folder, 'meta'), join(folder, 'data')];
  let running: ChildProcess | undefined;
  const start = async (): Promise<void> => {
    running = spawn('versitygw', args, { env, stdio: 'ignore' });
    await eventually(async () => (await fetch(`http://127.0.0.1:${port}/`)).status);
  };
  const stop = async (): Promise<void> => {
    if (running === undefined || running.exitCode !== null || running.signalCode !== null) return;
    const ended = once(running, 'exit');
    running.kill('SIGKILL');
    await ended;
  };
  await start();
  return {
    repository: `s3:http://127.0.0.1:${port}/${BUCKET}`,
    environment: keys,
    stop,
    start,
    remove: async () => {
      await stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
