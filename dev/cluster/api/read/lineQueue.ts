// A stream of JSON lines that one side fills and the other reads in its own time.

export interface LineQueue {
  readonly push: (value: object) => void;
  /** Ends the stream once what was pushed has been read. */
  readonly close: () => void;
  /** Runs once, when the stream ends from either side. */
  readonly onClose: (listener: () => void) => void;
  readonly lines: AsyncIterable<Uint8Array>;
}

export function createLineQueue(): LineQueue {
  const state: State = { waiting: [], isClosed: false, wake: nothing };
  const closeListeners: (() => void)[] = [];
  const close = (): void => {
    if (state.isClosed) return;
    state.isClosed = true;
    for (const listener of closeListeners) listener();
    state.wake();
  };
  return {
    push: (value) => {
      if (state.isClosed) return;
      state.waiting.push(`${JSON.stringify(value)}\n`);
      state.wake();
    },
    close,
    onClose: (listener) => void closeListeners.push(listener),
    lines: read(state, close),
  };
}

interface State {
  readonly waiting: string[];
  isClosed: boolean;
  wake: () => void;
}

async function* read(state: State, close: () => void): AsyncIterable<Uint8Array> {
  const encoder = new TextEncoder();
  try {
    while (state.waiting.length > 0 || !state.isClosed) {
      if (state.waiting.length === 0) await somethingHappens(state);
      if (state.waiting.length > 0) yield encoder.encode(state.waiting.splice(0).join(''));
    }
  } finally {
    close();
  }
}

async function somethingHappens(state: State): Promise<void> {
  await new Promise<void>((resolve) => {
    state.wake = resolve;
  });
}

function nothing(): void {
  // nobody waits yet
}
