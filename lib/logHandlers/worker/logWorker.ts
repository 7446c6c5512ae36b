// The worker thread of log handlers: takes batches of lines and writes them to files, mail and syslog, each at its own pace.
import { parentPort, workerData } from 'node:worker_threads';
import {
  SLOW_HANDLERS,
  type FromWorker,
  type SlowHandler,
  type SlowSettings,
  type ToWorker,
  type Writer,
} from '../messages';
import { fileSink } from './fileSink';
import { startLoop, type Loop } from './loop';
import type { Sink } from './sink';
import { smtpSink } from './smtpSink';
import { syslogSink } from './syslogSink';

interface Running {
  readonly settings: string;
  readonly loop: Loop;
  readonly close: () => Promise<void>;
}

const writer = workerData as Writer;
const running = new Map<SlowHandler, Running>();
/** A file must be let go before it is opened again; a stalled receiver must not hold up the others. */
let turn = Promise.resolve();

function tell(message: FromWorker): void {
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- of windows, which a thread is not
  parentPort?.postMessage(message);
}

function openerOf(handler: SlowHandler, settings: Partial<SlowSettings>, closing: AbortSignal): () => Sink {
  const { file, smtp, syslog } = settings;
  if (handler === 'file' && file) return () => fileSink(file, writer);
  if (handler === 'smtp' && smtp) return () => smtpSink(smtp, { writer, closing });
  if (handler === 'syslog' && syslog) return () => syslogSink(syslog, writer);
  throw new Error(`no settings of ${handler}`);
}

function start(handler: SlowHandler, settings: Partial<SlowSettings>): Running {
  const closing = new AbortController();
  const loop = startLoop({
    open: openerOf(handler, settings, closing.signal),
    report: (reason) =>
      tell(reason === undefined ? { kind: 'recovered', handler } : { kind: 'trouble', handler, reason }),
    done: (id, lost) => tell({ kind: 'done', handler, id, lost }),
  });
  const close = async (): Promise<void> => {
    closing.abort();
    await loop.close();
  };
  return { settings: JSON.stringify(settings[handler]), loop, close };
}

async function configure(wanted: Partial<SlowSettings>): Promise<void> {
  for (const handler of SLOW_HANDLERS) {
    const known = running.get(handler);
    if (known?.settings === (wanted[handler] && JSON.stringify(wanted[handler]))) continue;
    running.delete(handler);
    const closed = known?.close();
    if (handler === 'file') await closed;
    if (wanted[handler] !== undefined) running.set(handler, start(handler, wanted));
  }
}

async function take(message: ToWorker): Promise<void> {
  switch (message.kind) {
    case 'configure':
      return configure(message.handlers);
    case 'batch': {
      const { handler, batch } = message;
      const known = running.get(handler);
      if (known) known.loop.add(batch);
      else tell({ kind: 'done', handler, id: batch.id, lost: batch.times.length });
      return;
    }
    case 'close':
      await Promise.all([...running.values()].map(async ({ close }) => close()));
      tell({ kind: 'closed' });
  }
}

parentPort?.on('message', (message: ToWorker) => {
  turn = turn.then(async () => take(message));
});
