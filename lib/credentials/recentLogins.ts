// Remembers who a checked Authorization header belongs to, without keeping the header: the key is a hash under a key of this process.
import { hash, randomBytes } from 'node:crypto';
import type { Caller } from './caller';

export interface RecentLogins {
  /** The caller, or what `check` says; the same header is checked once however often it comes at the same time. */
  find(header: string, check: () => Promise<Caller>): Promise<Caller>;
}

export function createRecentLogins(size: number): RecentLogins {
  const key = randomBytes(32).toString('base64');
  const callers = new Map<string, Caller>();
  const checks = new Map<string, Promise<Caller>>();

  /** A map keeps the order of insertion: the first entry is the one not used for longest. */
  function remember(login: string, caller: Caller): Caller {
    callers.delete(login);
    callers.set(login, caller);
    const [oldest] = callers.keys();
    if (callers.size > size && oldest !== undefined) callers.delete(oldest);
    return caller;
  }

  async function checkOnce(login: string, check: () => Promise<Caller>): Promise<Caller> {
    try {
      return remember(login, await check());
    } finally {
      checks.delete(login);
    }
  }

  return {
    async find(header, check) {
      const login = hash('sha256', key + header, 'base64');
      const caller = callers.get(login);
      if (caller) return remember(login, caller);
      const checking = checks.get(login) ?? checkOnce(login, check);
      checks.set(login, checking);
      return checking;
    },
  };
}
