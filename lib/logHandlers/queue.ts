// Records that wait for a handler: bounded by their number and by their size, and the oldest gives way. Pure.

export interface Item {
  readonly levelno: number;
  readonly time: number;
  readonly text: string;
}

export interface Queue {
  /** Answers how many were dropped for it. */
  readonly push: (item: Item) => number;
  /** The oldest ones. */
  readonly take: (count: number) => readonly Item[];
  readonly length: () => number;
}

/** Longer ones are cut. */
const MAX_TEXT = 64 * 1024;
/** Places of records that are gone, before they are given back. */
const MAX_GONE = 1_000;

export function createQueue(limits: { readonly records: number; readonly characters: number }): Queue {
  const items: Item[] = [];
  /** Everything before it is gone. */
  let head = 0;
  let characters = 0;

  const length = (): number => items.length - head;

  const take = (count: number): readonly Item[] => {
    const taken = items.slice(head, head + count);
    head += taken.length;
    for (const { text } of taken) characters -= text.length;
    if (head > MAX_GONE) {
      items.splice(0, head);
      head = 0;
    }
    return taken;
  };

  return {
    take,
    length,
    push: ({ levelno, time, text }) => {
      const kept = text.length > MAX_TEXT ? `${text.slice(0, MAX_TEXT)}...` : text;
      items.push({ levelno, time, text: kept });
      characters += kept.length;
      let dropped = 0;
      while (length() > limits.records || characters > limits.characters) dropped += take(1).length;
      return dropped;
    },
  };
}
