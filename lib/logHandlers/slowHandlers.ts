// The handlers file, smtp and syslog of one process: a channel for each, and one worker thread behind all of them.
import { setTimeout as sleep } from 'node:timers/promises';
import type { Log } from '../log';
import { createChannel, type Bounds, type Channel, type Counts } from './channel';
import { SLOW_HANDLERS, type FromWorker, type SlowHandler, type SlowSettings } from './messages';
import { createDropReports, createTroubles, type Troubles } from './troubles';
import { createWorkerLink, type Thread, type WorkerLink } from './workerLink';

export interface SlowHandlersOptions {
  readonly log: Log;
  readonly startWorker: () => Thread;
}

export interface SlowHandlers {
  readonly configure: (settings: Readonly<Partial<SlowSettings>>) => void;
  /** Of a handler that is configured. */
  readonly push: (handler: SlowHandler) => Channel['push'];
  readonly troubles: Pick<Troubles, 'tell' | 'forgetOther'>;
  readonly counted: () => Counted;
  /** Resolves when everything has left this process, or when the time is up. */
  readonly close: (patienceMs: number) => Promise<void>;
}

export interface Counted {
  readonly handlers: readonly (readonly [SlowHandler, Counts & { readonly troubles: number }])[];
  readonly workerDeaths: number;
}

const BOUNDS: Bounds = { records: 2_000, bytes: 1024 * 1024, batch: 500, window: 2 };
const BATCH_MS = 100;
/** What a worker that nobody needs any more was given may still leave. */
const RETIRE_MS = 5_000;
const CLOSE_POLL_MS = 5;

interface State {
  readonly channels: Map<SlowHandler, Channel>;
  settings: Readonly<Partial<SlowSettings>>;
  workerDeaths: number;
  retiring?: NodeJS.Timeout;
  /** The worker has written everything that it was given. */
  isClosed: boolean;
}

export function createSlowHandlers({ log, startWorker }: SlowHandlersOptions): SlowHandlers {
  const state: State = { channels: new Map(), settings: {}, workerDeaths: 0, isClosed: false };
  const { channels } = state;
  const troubles = createTroubles(log);
  const drops = createDropReports(log, channels);
  const link = createWorkerLink({
    start: startWorker,
    onStart: () => {
      link.send({ kind: 'configure', handlers: state.settings });
      for (const channel of channels.values()) channel.restart();
    },
    onDeath: (reason) => {
      state.workerDeaths += 1;
      log.warn('the worker of log handlers ended and is started again', { reason });
    },
    onMessage: (message) => receive(state, troubles, message),
  });

  return {
    configure: (settings) => {
      configureChannels(state, link, settings);
      link.send({ kind: 'configure', handlers: settings });
      clearTimeout(state.retiring);
      if (channels.size > 0) link.ensure();
      else state.retiring = setTimeout(link.end, RETIRE_MS).unref();
      drops.start();
    },
    push: (handler) => channels.get(handler)?.push ?? (() => undefined),
    troubles,
    counted: () => ({
      handlers: [...channels].map(
        ([handler, { counts }]) => [handler, { ...counts(), troubles: troubles.count(handler) }] as const,
      ),
      workerDeaths: state.workerDeaths,
    }),
    close: async (patienceMs) => {
      drops.stop();
      await drain(state, link, performance.now() + patienceMs);
      link.end();
    },
  };
}

function receive(state: State, troubles: Troubles, message: FromWorker): void {
  switch (message.kind) {
    case 'done':
      return state.channels.get(message.handler)?.done(message.id, message.lost);
    case 'trouble':
      return troubles.tell(message.handler, message.reason);
    case 'recovered':
      return troubles.tell(message.handler, undefined);
    case 'closed':
      state.isClosed = true;
  }
}

function configureChannels(state: State, link: WorkerLink, settings: Readonly<Partial<SlowSettings>>): void {
  const { channels } = state;
  state.settings = settings;
  for (const handler of SLOW_HANDLERS) {
    const known = channels.get(handler);
    if (settings[handler] === undefined) {
      known?.flush();
      channels.delete(handler);
    } else if (known === undefined) {
      const send: Parameters<typeof createChannel>[0]['send'] = (batch) => link.send({ kind: 'batch', handler, batch });
      const soon = (flush: () => void): void => void setTimeout(flush, BATCH_MS);
      channels.set(handler, createChannel({ bounds: BOUNDS, send, soon }));
    }
  }
}

async function drain(state: State, link: WorkerLink, giveUpAt: number): Promise<void> {
  const { channels } = state;
  if (channels.size === 0) return;
  const until = async (isDone: () => boolean): Promise<void> => {
    while (!isDone() && performance.now() < giveUpAt) await sleep(CLOSE_POLL_MS);
  };
  for (const channel of channels.values()) channel.flush();
  await until(() => [...channels.values()].every((channel) => channel.isIdle()));
  link.send({ kind: 'close' });
  await until(() => state.isClosed);
}
