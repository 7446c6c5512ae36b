// Keeps one handler writing: opens its sink, writes batch by batch, and begins again with back-off where that fails.
import { setTimeout as sleep } from 'node:timers/promises';
import type { Batch } from '../messages';
import type { Sink } from './sink';

export interface LoopOptions {
  readonly open: () => Sink;
  /** Undefined when it works again. */
  readonly report: (reason: string | undefined) => void;
  readonly done: (id: number, lost: number) => void;
  readonly pauses?: { readonly firstMs: number; readonly longestMs: number };
}

export interface Loop {
  readonly add: (batch: Batch) => void;
  /** What it was given may still leave, unless that has failed before. */
  readonly close: () => Promise<void>;
}

interface State {
  readonly batches: Batch[];
  readonly closing: AbortController;
  wake: () => void;
  /** In a row, of opening or writing. */
  failures: number;
  /** Of the first batch. */
  attempts: number;
  /** It was opened, and took no batch: that it can be opened proves nothing any more. */
  isDoubtful: boolean;
}

/** Then a batch is lost, and the next one has its turn. */
const MAX_ATTEMPTS = 5;
const PAUSES = { firstMs: 500, longestMs: 30_000 };

export function startLoop(options: LoopOptions): Loop {
  const counts = { failures: 0, attempts: 0, isDoubtful: false };
  const state: State = { batches: [], closing: new AbortController(), wake: nothing, ...counts };
  const ended = run(options, state);
  return {
    add: (batch) => {
      state.batches.push(batch);
      state.wake();
    },
    close: async () => {
      state.closing.abort();
      state.wake();
      await ended;
      for (const { id, times } of state.batches.splice(0)) options.done(id, times.length);
    },
  };
}

async function run(options: LoopOptions, state: State): Promise<void> {
  const { pauses = PAUSES } = options;
  const { signal } = state.closing;
  while (!signal.aborted || (state.batches.length > 0 && state.failures === 0)) {
    try {
      await openAndWrite(options, state);
    } catch (error) {
      options.report(error instanceof Error ? error.message : String(error));
      if (state.attempts >= MAX_ATTEMPTS) giveUp(options, state);
      const pauseMs = Math.min(pauses.firstMs * 2 ** state.failures, pauses.longestMs);
      state.failures += 1;
      await sleep(pauseMs, undefined, { signal }).catch(nothing);
    }
  }
}

async function openAndWrite(options: LoopOptions, state: State): Promise<void> {
  const sink = options.open();
  try {
    await sink.ready();
    // Of one that takes connections but no records only a record tells.
    if (!state.isDoubtful) recovered(options, state);
    await writeAll(sink, options, state);
  } finally {
    await sink.close().catch(nothing);
  }
}

/** Until it fails or ends. */
async function writeAll(sink: Sink, options: LoopOptions, state: State): Promise<void> {
  for (;;) {
    const [batch] = state.batches;
    if (batch === undefined) {
      if (state.closing.signal.aborted) return;
      await new Promise<void>((resolve) => (state.wake = resolve));
      continue;
    }
    state.attempts += 1;
    state.isDoubtful = true;
    await sink.write(batch);
    state.batches.shift();
    state.attempts = 0;
    state.isDoubtful = false;
    recovered(options, state);
    options.done(batch.id, 0);
  }
}

function recovered({ report }: LoopOptions, state: State): void {
  if (state.failures > 0) report(undefined);
  state.failures = 0;
}

function giveUp({ done }: LoopOptions, state: State): void {
  const batch = state.batches.shift();
  state.attempts = 0;
  if (batch !== undefined) done(batch.id, batch.times.length);
}

function nothing(): void {
  // nobody waits
}
