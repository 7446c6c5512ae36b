// Who waits for a change of what: each follower hears that something changed, and looks for itself.

export interface Subscriptions {
  readonly tell: (group: string) => void;
  /** Changes that come while the follower is busy are one. */
  readonly follow: (group: string, signal: AbortSignal) => AsyncIterable<void>;
}

/** By group. */
export type Listeners = Map<string, Set<() => void>>;

export function createSubscriptions(listeners: Listeners = new Map()): Subscriptions {
  const listen = (group: string, listener: () => void): (() => void) => {
    const known = listeners.get(group) ?? new Set();
    listeners.set(group, known.add(listener));
    return () => {
      known.delete(listener);
      if (known.size === 0 && listeners.get(group) === known) listeners.delete(group);
    };
  };

  return {
    tell: (group) => {
      for (const listener of listeners.get(group) ?? []) listener();
    },
    async *follow(group, signal) {
      let isChanged = true;
      let wake: (() => void) | undefined;
      const leave = listen(group, () => {
        isChanged = true;
        wake?.();
      });
      // Whoever stops asking in the middle never comes back here.
      const onAbort = (): void => {
        leave();
        wake?.();
      };
      signal.addEventListener('abort', onAbort, { once: true });
      try {
        while (!signal.aborted) {
          if (!isChanged) await new Promise<void>((resolve) => (wake = resolve));
          if (signal.aborted) return;
          isChanged = false;
          yield;
        }
      } finally {
        signal.removeEventListener('abort', onAbort);
        leave();
      }
    },
  };
}
