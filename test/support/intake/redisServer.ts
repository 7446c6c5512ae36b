// A real redis-server of this machine (Debian's package): with passwords, with an append-only file, killed and started again.
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClient } from '@redis/client';
import { eventually } from '../eventually';
import { freePort } from '../userjobs/freePort';

export interface RedisServer {
  readonly port: number;
  readonly url: string;
  /** `redis-cli` as the one who may do everything, or as another user. */
  readonly as: (user?: string) => Promise<RedisUser>;
  /** SIGKILL, then until it is gone. */
  readonly kill: () => Promise<void>;
  readonly start: () => Promise<void>;
  readonly stop: () => Promise<void>;
}

export interface RedisUser {
  readonly send: (...command: readonly (string | number)[]) => Promise<unknown>;
  readonly close: () => void;
}

export const INTAKE_USER = 'intake';

export function redisPassword(user: string): string {
  return `password-of-${user}`;
}

/** Nobody gets in without a login; `users` may push to the list of their name below `submit`, and nothing else. */
export async function startRedis(users: readonly string[] = [], host = '127.0.0.1'): Promise<RedisServer> {
  const folder = mkdtempSync(join(tmpdir(), 'hub-functions-redis-'));
  const port = await freePort(host);
  const config = join(folder, 'redis.conf');
  const lines = [
    `port ${port}`,
    `bind ${host}`,
    `dir ${folder}`,
    'save ""',
    'appendonly yes',
    `requirepass ${redisPassword('default')}`,
    // All that README.md says it needs.
    `user ${INTAKE_USER} on >${redisPassword(INTAKE_USER)} ~* -@all +eval +lrange +scan +select ${USED_BY_SCRIPTS}`,
    ...users.map((user) => `user ${user} on >${redisPassword(user)} ~submit:${user} -@all +lpush`),
  ];
  writeFileSync(config, lines.join('\n'));
  let child: ChildProcess | undefined;
  const open = async (user = 'default'): Promise<RedisUser> => {
    const login = { username: user, password: redisPassword(user) };
    const client = createClient({
      socket: { host, port, reconnectStrategy: false },
      ...login,
      RESP: 2,
      disableClientInfo: true,
    });
    client.on('error', () => undefined);
    await client.connect();
    return { send: async (...words) => client.sendCommand(words.map(String)), close: () => client.destroy() };
  };
  const start = async (): Promise<void> => {
    child = spawn('redis-server', [config], { stdio: 'ignore' });
    await eventually(async () => {
      const { send, close } = await open();
      await send('PING');
      close();
      return true;
    });
  };
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const exited = once(child, 'exit');
    child.kill(signal);
    await exited;
  };
  await start();
  return {
    port,
    url: `redis://${host}:${port}`,
    as: open,
    kill: async () => end('SIGKILL'),
    start,
    stop: async () => {
      await end('SIGTERM');
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

const USED_BY_SCRIPTS = '+rpop +hset +hget +hmget +hincrby +lpush +lrem +ltrim +set +exists +del';
