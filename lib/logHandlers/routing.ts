// Which handlers get a record: decided by its level alone, and each format is made once.
import type { LogRecord, Route } from '../log';
import { callSiteOf } from './callSite';
import { FORMATS, type Told } from './formats';
import { DEACTIVATED } from './levels';
import type { Formatter } from './settings';

export interface Target {
  readonly level: number;
  readonly formatter: Formatter;
  readonly push: (levelno: number, time: number, text: string) => void;
}

export interface Routing {
  /** Our own lines; undefined when `stream` is configured. */
  readonly standard: Route | undefined;
  readonly targets: readonly Target[];
  /** Name of the function. */
  readonly logger: string;
}

export function routeTo({ standard, targets, logger }: Routing): Route {
  const floor = Math.min(standard?.floor ?? DEACTIVATED, ...targets.map(({ level }) => level));
  const lowest = Math.min(DEACTIVATED, ...targets.map(({ level }) => level));
  return {
    floor,
    take: (record) => {
      if (standard !== undefined && record.levelno >= standard.floor) standard.take(record);
      if (record.levelno >= lowest) deliver(told(record, logger), targets);
    },
  };
}

/** Within the call that made the record, or its place is not found. */
export function told({ time, levelno, message, extras }: LogRecord, logger: string): Told {
  return { time, levelno, message, extras, logger, site: callSiteOf(message) };
}

export function deliver(record: Told, targets: readonly Target[]): void {
  let simple: string | undefined;
  let json: string | undefined;
  for (const { level, formatter, push } of targets) {
    if (record.levelno < level) continue;
    if (formatter === 'json') push(record.levelno, record.time, (json ??= FORMATS.json(record)));
    else push(record.levelno, record.time, (simple ??= FORMATS.simple(record)));
  }
}
