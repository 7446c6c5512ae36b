// Works on a list with a few at once: the cluster has others to serve. What fails ends it, the rest is not begun.

const AT_ONCE = 8;

/** Results in the order of `items`. */
export async function mapSome<T, R>(
  items: readonly T[],
  work: (item: T) => Promise<R>,
  atOnce = AT_ONCE,
): Promise<readonly R[]> {
  const results: R[] = [];
  const left = entriesOf(items);
  const worker = async (): Promise<void> => {
    for (const [index, item] of left) results[index] = await work(item);
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  return results;
}

/** A generator, and no iterator of an array: a worker that leaves its loop by an error ends those of the others. */
function* entriesOf<T>(items: readonly T[]): Generator<[number, T]> {
  yield* items.entries();
}
