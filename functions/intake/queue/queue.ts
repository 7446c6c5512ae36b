// One queue: messages are taken under a lease, and ended by who holds it; what was taken and not ended is taken again.
import { randomUUID } from 'node:crypto';
import { isUser } from '../message';
import type { Redis } from './redis';
import { FINISH, POSTPONE, RETAKE, TAKE } from './scripts';

/** A message that is ours to end, as long as its lease lasts and nobody else has it. */
export interface Leased {
  /** A UUID, made when it was taken first. */
  readonly id: string;
  readonly body: string;
  /** In bytes; of more than are allowed only the beginning is there. */
  readonly size: number;
  /** Of the list that it was in; empty for the queue itself. */
  readonly listUser: string;
  readonly takenAt: string;
  /** With this one. */
  readonly attempts: number;
  readonly fence: string;
}

export interface QueueOptions {
  readonly redis: Redis;
  readonly name: string;
  readonly leaseMs: number;
  readonly maxBytes: number;
  readonly clock: () => Date;
}

export interface Queue {
  /** Undefined when the list is empty. `user`: from their list, else from that of the queue. */
  readonly take: (user: string) => Promise<Leased | undefined>;
  /** Undefined while somebody has it, and when it has ended. */
  readonly retake: (id: string) => Promise<Leased | undefined>;
  /** Ids of all that were taken and have not ended, the oldest first. */
  readonly taken: () => Promise<readonly string[]>;
  /** Whose lists hold anything. */
  readonly users: () => Promise<readonly string[]>;
  /** All three: false when somebody else has taken the message over. */
  readonly done: (message: Leased, entry: object) => Promise<boolean>;
  readonly bury: (message: Leased, entry: object) => Promise<boolean>;
  readonly postpone: (message: Leased, pause: { readonly ms: number; readonly isCounted: boolean }) => Promise<boolean>;
}

const DONE_KEPT = 1_000;
/** Names of lists that are ours beside the queue; no user can have one of them. */
const OWN = { processing: 'processing', done: 'done', dead: 'dead' } as const;

export function openQueue({ redis, name, leaseMs, maxBytes, clock }: QueueOptions): Queue {
  const key = (...parts: readonly string[]): string => [name, ...parts].join(':');
  const processing = key(OWN.processing);
  const keysOf = (id: string): readonly [message: string, lease: string] => [key('message', id), key('lease', id)];
  const finish = async (
    { id, fence }: Leased,
    list: string,
    [entry, kept]: readonly [object, number],
  ): Promise<boolean> => {
    const args = [id, fence, JSON.stringify(entry), kept];
    return (await redis.run(FINISH, [processing, ...keysOf(id), list], args)) === 1;
  };
  return {
    take: async (user) => {
      const [id, fence] = [randomUUID(), randomUUID()];
      const list = user === '' ? name : key(user);
      const args = [id, fence, leaseMs, user, clock().toISOString(), maxBytes];
      return leased({ id, fence }, await redis.run(TAKE, [list, processing, ...keysOf(id)], args));
    },
    retake: async (id) => {
      const fence = randomUUID();
      return leased({ id, fence }, await redis.run(RETAKE, [processing, ...keysOf(id)], [id, fence, leaseMs]));
    },
    taken: async () => redis.items(processing),
    users: async () => {
      const names = await redis.lists(key('*'));
      const users = names.map((each) => each.slice(name.length + 1));
      return users.filter((user) => isUser(user) && !Object.hasOwn(OWN, user));
    },
    done: async (message, entry) => finish(message, key(OWN.done), [entry, DONE_KEPT]),
    bury: async (message, entry) => finish(message, key(OWN.dead), [entry, 0]),
    postpone: async ({ id, fence }, { ms, isCounted }) =>
      (await redis.run(POSTPONE, keysOf(id), [fence, ms, isCounted ? 0 : 1])) === 1,
  };
}

function leased(own: Pick<Leased, 'id' | 'fence'>, reply: unknown): Leased | undefined {
  if (!Array.isArray(reply)) return undefined;
  const [body, size, listUser, takenAt, attempts] = reply.map(String) as [string, string, string, string, string];
  return { ...own, body, size: Number(size), listUser, takenAt, attempts: Number(attempts) };
}
