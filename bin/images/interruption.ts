// Ctrl-C, or a wish to end: what runs is told, and what it has laid out is removed before the command ends.

const SIGNALS = ['SIGINT', 'SIGTERM'] as const;

export interface Interruption {
  readonly signal: AbortSignal;
  /** From then on the process ends by it as usual. */
  readonly forget: () => void;
}

export function onInterruption(): Interruption {
  const controller = new AbortController();
  const end = (): void => controller.abort();
  for (const signal of SIGNALS) process.once(signal, end);
  return {
    signal: controller.signal,
    forget: () => {
      for (const signal of SIGNALS) process.removeListener(signal, end);
    },
  };
}
