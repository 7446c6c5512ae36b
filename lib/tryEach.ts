// Work on many things, a few at once: every one is tried, and what failed is told afterwards.

export interface Failure<T> {
  readonly item: T;
  readonly error: unknown;
}

/** At most `atOnce` run side by side; answers in the order of failing. */
export async function tryEach<T>(
  items: readonly T[],
  atOnce: number,
  work: (item: T) => Promise<void>,
): Promise<readonly Failure<T>[]> {
  const failures: Failure<T>[] = [];
  const waiting = items.values();
  const worker = async (): Promise<void> => {
    for (const item of waiting) {
      await work(item).catch((error: unknown) => failures.push({ item, error }));
    }
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  return failures;
}
