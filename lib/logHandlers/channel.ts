// The way of records to one handler: they wait in a bounded queue, and the worker has a bounded number of batches of them.
import type { Batch } from './messages';
import { createQueue } from './queue';

export interface Bounds {
  /** Records that wait, and what they occupy. */
  readonly records: number;
  readonly bytes: number;
  /** Records of one batch, and how many batches the worker has at most. */
  readonly batch: number;
  readonly window: number;
}

export interface ChannelOptions {
  readonly bounds: Bounds;
  readonly send: (batch: Batch) => void;
  /** Calls back a moment later: what comes until then is one batch. */
  readonly soon: (flush: () => void) => void;
}

export interface Channel {
  readonly push: (levelno: number, time: number, text: string) => void;
  /** The worker has done with a batch. */
  readonly done: (id: number, lost: number) => void;
  /** The worker is another one: what the last one had is sent again. */
  readonly restart: () => void;
  readonly flush: () => void;
  readonly counts: () => Counts;
  readonly isIdle: () => boolean;
}

export interface Counts {
  readonly taken: number;
  readonly dropped: number;
}

/** Of all channels: a channel may have had a predecessor, whose batches are not its own. */
let lastId = 0;

export function createChannel({ bounds, send, soon }: ChannelOptions): Channel {
  const queue = createQueue(bounds);
  const outstanding = new Map<number, Batch>();
  let taken = 0;
  let dropped = 0;
  let isFlushPlanned = false;

  const flush = (): void => {
    while (queue.length() > 0 && outstanding.size < bounds.window) {
      lastId += 1;
      const batch = { id: lastId, ...queue.take(bounds.batch) };
      outstanding.set(batch.id, batch);
      send(batch);
    }
  };

  const plan = (): void => {
    if (isFlushPlanned || outstanding.size >= bounds.window) return;
    isFlushPlanned = true;
    soon(() => {
      isFlushPlanned = false;
      flush();
    });
  };

  return {
    flush,
    push: (levelno, time, text) => {
      taken += 1;
      dropped += queue.push(levelno, time, text);
      if (queue.length() >= bounds.batch) flush();
      else plan();
    },
    done: (id, lost) => {
      if (!outstanding.delete(id)) return;
      dropped += lost;
      if (queue.length() > 0) plan();
    },
    restart: () => {
      for (const batch of outstanding.values()) send(batch);
    },
    counts: () => ({ taken, dropped }),
    isIdle: () => queue.length() === 0 && outstanding.size === 0,
  };
}
