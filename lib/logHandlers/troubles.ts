// What keeps handlers from working, told once in the log, and again when it is something else.
import type { Log } from '../log';
import type { Counts } from './channel';
import type { SlowHandler } from './messages';

export interface Troubles {
  /** Undefined: there is none any more. */
  readonly tell: (handler: string, reason: string | undefined) => void;
  /** What was told of another configuration of a handler says nothing of this one. */
  readonly forgetOther: (handler: string, configuration: string | undefined) => void;
  readonly count: (handler: string) => number;
}

export function createTroubles(log: Log): Troubles {
  const reasons = new Map<string, string>();
  const counts = new Map<string, number>();
  const configurations = new Map<string, string | undefined>();
  return {
    forgetOther: (handler, configuration) => {
      if (configurations.get(handler) !== configuration) reasons.delete(handler);
      configurations.set(handler, configuration);
    },
    tell: (handler, reason) => {
      if (reasons.get(handler) === reason) return;
      if (reason === undefined) {
        reasons.delete(handler);
        log.info('a log handler works again', { handler });
        return;
      }
      reasons.set(handler, reason);
      counts.set(handler, (counts.get(handler) ?? 0) + 1);
      log.warn('a log handler cannot work', { handler, reason });
    },
    count: (handler) => counts.get(handler) ?? 0,
  };
}

const DROPS_TOLD_MS = 10_000;

export interface DropReports {
  readonly start: () => void;
  /** With a last report. */
  readonly stop: () => void;
}

interface Counting {
  readonly counts: () => Counts;
}

/** How many records were dropped, now and then. */
export function createDropReports(log: Log, channels: ReadonlyMap<SlowHandler, Counting>): DropReports {
  /** By channel: that of a handler which was added again counts from zero. */
  const reported = new WeakMap<Counting, number>();
  let timer: NodeJS.Timeout | undefined;
  const report = (): void => {
    for (const [handler, channel] of channels) {
      const { dropped } = channel.counts();
      const known = reported.get(channel) ?? 0;
      reported.set(channel, dropped);
      if (dropped > known) log.warn('log records were dropped', { handler, dropped: dropped - known });
    }
  };
  return {
    start: () => {
      timer ??= setInterval(report, DROPS_TOLD_MS).unref();
    },
    stop: () => {
      clearInterval(timer);
      timer = undefined;
      report();
    },
  };
}
