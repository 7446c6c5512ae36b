// A signal that ends with another one, or when nothing was heard for a while.

export interface UntilSilent {
  readonly signal: AbortSignal;
  /** Passes on what was heard. */
  readonly heard: <T>(something: T) => T;
  /** Leaves no timer behind. */
  readonly done: () => void;
}

export function untilSilent(ms: number, other: AbortSignal): UntilSilent {
  const controller = new AbortController();
  const abort = (): void => controller.abort(other.reason);
  const timer = setTimeout(() => controller.abort(new DOMException('Nothing was heard.', 'TimeoutError')), ms);
  other.addEventListener('abort', abort, { once: true });
  if (other.aborted) abort();
  return {
    signal: controller.signal,
    heard: (something) => {
      timer.refresh();
      return something;
    },
    done: () => {
      clearTimeout(timer);
      other.removeEventListener('abort', abort);
    },
  };
}
