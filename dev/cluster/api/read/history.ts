// The latest changes, kept so that a watch can go on where a list or another watch ended.
import type { Store, StoreEvent } from '../../store';
import type { ResourceType } from '../../resources';

export interface History {
  /** The changes of a type after a version; `undefined` when some of them are forgotten already. */
  readonly since: (type: ResourceType, resourceVersion: number) => readonly StoreEvent[] | undefined;
  readonly subscribe: (type: ResourceType, listener: (event: StoreEvent) => void) => () => void;
  /** Forgets all of the past, as etcd's compaction does. */
  readonly compact: () => void;
}

interface Track {
  readonly events: StoreEvent[];
  readonly listeners: Set<(event: StoreEvent) => void>;
  /** The version of the last forgotten change. */
  forgotten: number;
}

export function createHistory(store: Store, maxEvents = 10_000): History {
  const tracks = new Map<string, Track>();
  const trackOf = ({ group, plural }: ResourceType): Track => {
    const key = `${group}/${plural}`;
    const track = tracks.get(key) ?? { events: [], listeners: new Set(), forgotten: 0 };
    tracks.set(key, track);
    return track;
  };

  store.watch((event) => {
    const track = trackOf(event.resource);
    track.events.push(event);
    if (track.events.length > maxEvents) forget(track, Math.ceil(maxEvents / 10));
    for (const listener of track.listeners) listener(event);
  });

  return {
    since: (type, resourceVersion) => {
      const { events, forgotten } = trackOf(type);
      if (resourceVersion < forgotten) return undefined;
      return events.slice(events.findLastIndex((event) => versionOf(event) <= resourceVersion) + 1);
    },
    subscribe: (type, listener) => {
      const { listeners } = trackOf(type);
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    compact: () => {
      for (const track of tracks.values()) {
        forget(track, track.events.length);
        track.forgotten = Math.max(track.forgotten, store.resourceVersion);
      }
    },
  };
}

function forget(track: Track, howMany: number): void {
  const last = track.events.splice(0, howMany).at(-1);
  if (last !== undefined) track.forgotten = versionOf(last);
}

export function versionOf(event: StoreEvent): number {
  return Number(event.object.metadata?.resourceVersion);
}
