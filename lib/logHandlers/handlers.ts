// The log handlers of one process: what is configured decides where a record goes, and nobody ever waits for it.
import type { FunctionLog } from '../log';
import { createStdoutWriter } from '../stdout';
import { expiryOf, settled, type Handlers } from './document';
import type { Told } from './formats';
import { DEACTIVATED, levelnoOf, LOWEST } from './levels';
import { SLOW_HANDLERS, type SlowHandler, type SlowSettings } from './messages';
import { deliver, routeTo, told, type Target } from './routing';
import {
  configurationProblem,
  HANDLERS,
  type Configuration,
  type Formatter,
  type HandlerName,
  type SettingsOf,
} from './settings';
import { createSlowHandlers, type Counted } from './slowHandlers';
import type { Thread } from './workerLink';

export interface HandlersOptions {
  readonly log: FunctionLog;
  readonly startWorker: () => Thread;
  readonly clock: () => Date;
}

export interface LogHandlers {
  /** What is configured from now on; before the first time records are held for it. */
  readonly apply: (handlers: Handlers) => void;
  readonly counted: () => Counted;
  readonly close: (patienceMs: number) => Promise<void>;
}

/** Until the configuration is known; it may never be. */
const HELD_RECORDS = 1_000;
const HOLD_MS = 30_000;
const LONGEST_TIMER_MS = 2 ** 31 - 1;
const STREAM_FDS: Readonly<Record<string, number>> = { 'ext://sys.stdout': 1, 'ext://sys.stderr': 2 };

export function createHandlers({ log, startWorker, clock }: HandlersOptions): LogHandlers {
  const slow = createSlowHandlers({ log, startWorker });
  const held = holdRecords(log);
  const writers = new Map<number, (text: string) => void>();
  let expiry: NodeJS.Timeout | undefined;

  const streamTarget = ({ stream, ...common }: SettingsOf['stream']): Target => {
    const fd = STREAM_FDS[stream] ?? 1;
    const write = writers.get(fd) ?? createStdoutWriter(fd);
    writers.set(fd, write);
    return { ...levelAndFormatter(common), push: (_levelno, _time, text) => write(`${text}\n`) };
  };

  const apply = (handlers: Handlers): void => {
    const now = clock();
    const current = settled(handlers, now);
    for (const name of HANDLERS) slow.troubles.forgetOther(name, JSON.stringify(current[name]?.configuration));
    const active = activeOf(current, log.name, slow.troubles.tell);
    const slowSettings = Object.fromEntries(
      SLOW_HANDLERS.flatMap((name) => (active.settings[name] ? [[name, active.settings[name]]] : [])),
    ) as Partial<SlowSettings>;
    slow.configure(slowSettings);
    const { stream } = active.settings;
    const slowTargets = (Object.entries(slowSettings) as [SlowHandler, SettingsOf[SlowHandler]][]).map(
      ([name, settings]): Target => ({ ...levelAndFormatter(settings), push: slow.push(name) }),
    );
    const targets = [...(stream === undefined ? [] : [streamTarget(stream)]), ...slowTargets];
    log.redirect(routeTo({ standard: active.isStandard ? log.standard : undefined, targets, logger: log.name }));
    // What was held is on standard output already.
    for (const record of held.take()) deliver(record, slowTargets);
    clearTimeout(expiry);
    const next = Math.min(
      ...Object.values(handlers)
        .map(expiryOf)
        .filter((time) => time > now.getTime()),
    );
    if (next === Infinity) return;
    expiry = setTimeout(() => apply(handlers), Math.min(next - now.getTime() + 1, LONGEST_TIMER_MS)).unref();
  };

  return {
    apply,
    counted: slow.counted,
    close: async (patienceMs) => {
      clearTimeout(expiry);
      await slow.close(patienceMs);
    },
  };
}

function levelAndFormatter({ level, formatter }: { level: number | string; formatter: Formatter }) {
  return { level: Math.max(levelnoOf(level), LOWEST), formatter };
}

interface Active {
  readonly settings: Partial<SettingsOf>;
  /** Our own lines go to standard output. */
  readonly isStandard: boolean;
}

/** What holds for this function, and can; what cannot is reported and left out. */
function activeOf(handlers: Handlers, name: string, report: (handler: string, problem: string) => void): Active {
  const settings: Partial<Record<HandlerName, unknown>> = {};
  for (const handler of HANDLERS) {
    const configuration = handlers[handler]?.configuration ?? undefined;
    if (configuration === undefined) continue;
    const problem = configurationProblem(handler, configuration);
    if (problem !== undefined) report(handler, problem);
    else if (isMeant(handler, name, configuration)) settings[handler] = configuration;
  }
  const isDeleted = handlers.stream?.configuration === null;
  return { settings: settings as Partial<SettingsOf>, isStandard: settings.stream === undefined && !isDeleted };
}

/** One that takes no record needs no connection; a stream of that level is silence that was asked for. */
function isMeant(handler: HandlerName, name: string, { functions, level }: Configuration): boolean {
  if (Array.isArray(functions) && !functions.includes(name)) return false;
  return handler === 'stream' || levelnoOf(level as string | number) < DEACTIVATED;
}

/** Standard output gets its lines at once. */
function holdRecords(log: FunctionLog): { readonly take: () => readonly Told[] } {
  const held: Told[] = [];
  const { standard, name } = log;
  log.redirect({
    floor: LOWEST,
    take: (record) => {
      if (record.levelno >= standard.floor) standard.take(record);
      held.push(told(record, name));
      if (held.length > HELD_RECORDS) held.shift();
    },
  });
  const giveUp = setTimeout(() => {
    held.length = 0;
    log.redirect(standard);
  }, HOLD_MS).unref();
  return {
    take: () => {
      clearTimeout(giveUp);
      return held.splice(0);
    },
  };
}
