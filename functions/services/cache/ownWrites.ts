// Writes of this very process: until the watch has told of them, what the cache shows of their names is not to be believed.
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

type Listener = (trace: Trace) => void;

export function createOwnWrites({ boundMs, patienceMs, isSeen }: OwnWritesOptions): OwnWrites {
  const open = new Map<string, Set<Listener>>();

  const enter = (groups: readonly string[], listener: Listener): (() => void) => {
    for (const group of groups) open.set(group, (open.get(group) ?? new Set()).add(listener));
    return () => {
      for (const group of groups) {
        open.get(group)?.delete(listener);
        if (open.get(group)?.size === 0) open.delete(group);
      }
    };
  };

  return {
    isOpen: (group) => open.has(group),
    tell: (group, trace) => {
      for (const listener of open.get(group) ?? []) listener(trace);
    },
    during: async (groups, work) => {
      const told = new Set<Trace>();
      let onTold: (() => void) | undefined;
      const leave = enter(groups, (trace) => {
        told.add(trace);
        onTold?.();
      });
      const written = await work().finally(() => setTimeout(leave, boundMs).unref());
      const isTold = (): boolean => written.traces.every((trace) => told.has(trace) || isSeen(trace));
      await new Promise<void>((resolve) => {
        onTold = () => {
          if (isTold()) resolve(leave());
        };
        onTold();
        setTimeout(resolve, patienceMs()).unref();
      });
      return written.result;
    },
  };
}
