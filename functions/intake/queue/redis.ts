// The door to Redis: one connection, which fails instead of waiting; whoever needs it again opens a new one.
import { AppError } from '../../../lib/errors';
import type { Secrets } from '../secrets';

export interface Redis {
  readonly run: (script: string, keys: readonly string[], args: readonly (string | number)[]) => Promise<unknown>;
  /** From the oldest of a list that is pushed from the left. */
  readonly items: (list: string) => Promise<readonly string[]>;
  /** Names of lists that match a glob. */
  readonly lists: (glob: string) => Promise<readonly string[]>;
  readonly close: () => void;
}

const CONNECT_MS = 5_000;
const SCAN_COUNT = 1_000;

export interface RedisOptions {
  readonly url: string;
  /** Of the connection, whether or not anything is asked. */
  readonly silenceMs: number;
}

export async function openRedis({ url, silenceMs }: RedisOptions, secrets: Pick<Secrets, 'redis'>): Promise<Redis> {
  const { createClient } = await import('@redis/client');
  const { username, password, ca } = await secrets.redis();
  const limits = { connectTimeout: CONNECT_MS, socketTimeout: silenceMs, reconnectStrategy: false } as const;
  const client = createClient({
    url,
    RESP: 2,
    ...(username !== undefined && { username }),
    ...(password !== undefined && { password }),
    socket: url.startsWith('rediss:') ? { ...limits, tls: true, ...(ca !== undefined && { ca }) } : limits,
    disableOfflineQueue: true,
    disableClientInfo: true,
    maintNotifications: 'disabled',
  });
  // What waits for an answer is told by its own rejection.
  client.on('error', () => undefined);
  await told(async () => client.connect());
  return {
    run: async (script, keys, args) =>
      told(async () => client.eval(script, { keys: [...keys], arguments: args.map(String) })),
    items: async (list) => told(async () => (await client.lRange(list, 0, -1)).toReversed()),
    lists: async (glob) =>
      told(async () => {
        const found = new Set<string>();
        for await (const names of client.scanIterator({ MATCH: glob, TYPE: 'list', COUNT: SCAN_COUNT })) {
          for (const name of names) found.add(name);
        }
        return [...found];
      }),
    close: () => client.destroy(),
  };
}

async function told<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw unreachable(error);
  }
}

/** Its words tell no secret, but they may tell what is wrong with ours. */
function unreachable(cause: unknown): AppError {
  return new AppError('redis_unreachable', 503, 'The queues cannot be reached.', { cause, retryAfterSeconds: 10 });
}
