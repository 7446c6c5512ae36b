// A signal that ends by itself after a while, and with another one.

/**
 * In place of `AbortSignal.any([signal, AbortSignal.timeout(ms)])`: on Node 20 the garbage collector takes that timeout, and
 * it never comes. https://github.com/nodejs/node/issues/57736
 */
export function within(ms: number, signal: AbortSignal): AbortSignal {
  const controller = new AbortController();
  const onAbort = (): void => {
    clearTimeout(timer);
    controller.abort(signal.reason);
  };
  const timer = setTimeout(() => {
    // The other signal may have much more to outlive.
    signal.removeEventListener('abort', onAbort);
    controller.abort(new DOMException('The time is up.', 'TimeoutError'));
  }, ms).unref();
  if (signal.aborted) onAbort();
  else signal.addEventListener('abort', onAbort, { once: true });
  return controller.signal;
}
