// Which Event an occurrence is counted on: that of the same message, or of the many similar ones (client-go's correlator).
import type { Occurrence } from './occurrence';
import type { Stored } from './wire';

export interface Correlated {
  readonly message: string;
  /** The name under which it was told before. */
  readonly known: string | undefined;
  readonly remember: (name: string) => void;
}

export interface Correlator {
  readonly correlate: (about: Stored, occurrence: Occurrence, now: Date) => Correlated;
}

interface Similar {
  readonly messages: Set<string>;
  readonly since: number;
}

/** From this many messages on that differ only in their words, they share one Event. */
const MAX_SIMILAR = 10;
const SIMILAR_FOR_MS = 600_000;
const MAX_REMEMBERED = 4096;

export function createCorrelator(): Correlator {
  const names = new Map<string, string>();
  const similar = new Map<string, Similar>();
  return {
    correlate: (about, { type, reason, message, fieldPath }, now) => {
      const group = JSON.stringify([about.metadata.uid, type, reason]);
      const before = similar.get(group);
      const isFresh = before !== undefined && now.getTime() - before.since <= SIMILAR_FOR_MS;
      const messages = (isFresh ? before.messages : new Set<string>()).add(message);
      remember(similar, group, { messages, since: now.getTime() });
      const isOneOfMany = messages.size >= MAX_SIMILAR;
      if (isOneOfMany) messages.delete(message);
      const key = isOneOfMany ? group : JSON.stringify([group, fieldPath, message]);
      return {
        message: isOneOfMany ? `(combined from similar events): ${message}` : message,
        known: names.get(key),
        remember: (name) => remember(names, key, name),
      };
    },
  };
}

/** The longest untouched is forgotten first. */
function remember<V>(map: Map<string, V>, key: string, value: V): void {
  map.delete(key);
  map.set(key, value);
  const [oldest] = map.keys();
  if (map.size > MAX_REMEMBERED && oldest !== undefined) map.delete(oldest);
}
