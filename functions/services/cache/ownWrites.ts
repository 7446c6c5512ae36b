// Writes of this very process: until the watch has told of them, what the cache shows of their names is not to be believed.
import { setTimeout as sleep } from 'node:timers/promises';
import type { Change } from './shelf';

/** What the watch tells when it has come as far as a write. */
export type Trace = `${Change} ${string}`;

export interface Written<T> {
  readonly result: T;
  readonly traces: readonly Trace[];
}

export interface OwnWrites {
  readonly isOpen: (group: string) => boolean;
  readonly tell: (group: string, trace: Trace) => void;
  /** Runs a write and waits a moment until its traces were told; from its beginning until then its groups are open. */
  readonly during: <T>(groups: readonly string[], work: () => Promise<Written<T>>) => Promise<T>;
}

export interface OwnWritesOptions {
  /** After this time a cache that may be asked at all shows the write, traces or not. */
  readonly boundMs: number;
  /** How long an answer waits for the watch; other instances hear of a write at the same time. */
  readonly patienceMs: () => number;
  /** Whether a trace can be seen in what the cache shows. */
  readonly isSeen: (trace: Trace) => boolean;
}

interface Write {
  readonly groups: readonly string[];
  readonly told: Set<Trace>;
  onTold: () => void;
}

export function createOwnWrites({ boundMs, patienceMs, isSeen }: OwnWritesOptions): OwnWrites {
  const open = new Map<string, Set<Write>>();

  const enter = (write: Write): void => {
    for (const group of write.groups) open.set(group, (open.get(group) ?? new Set()).add(write));
  };

  const leave = (write: Write): void => {
    for (const group of write.groups) {
      open.get(group)?.delete(write);
      if (open.get(group)?.size === 0) open.delete(group);
    }
  };

  return {
    isOpen: (group) => open.has(group),
    tell: (group, trace) => {
      for (const write of open.get(group) ?? []) {
        write.told.add(trace);
        write.onTold();
      }
    },
    during: async (groups, work) => {
      const write = { groups, told: new Set<Trace>(), onTold: nothing };
      enter(write);
      const { result, traces } = await work().finally(() => setTimeout(leave, boundMs, write).unref());
      const isTold = (): boolean => traces.every((trace) => write.told.has(trace) || isSeen(trace));
      const close = (): void => leave(write);
      if (isTold()) close();
      else await untilTold(write, { isTold, close, patienceMs: patienceMs() });
      return result;
    },
  };
}

interface Waiting {
  readonly isTold: () => boolean;
  readonly close: () => void;
  readonly patienceMs: number;
}

/** The write stays open when patience ends. */
async function untilTold(write: Write, { isTold, close, patienceMs }: Waiting): Promise<void> {
  const told = new Promise<void>((resolve) => {
    write.onTold = () => {
      if (isTold()) resolve(close());
    };
  });
  if (patienceMs > 0) await Promise.race([told, sleep(patienceMs, undefined, { ref: false })]);
}

function nothing(): void {
  // nobody waits yet
}
