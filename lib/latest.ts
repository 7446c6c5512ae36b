// Shares work among those who want it at the same time: whoever comes while it is done gets the next turn, together with all others.

export type Latest = (key: string, work: () => Promise<void>) => Promise<void>;

interface Turns {
  readonly running: Promise<void>;
  next?: Promise<void>;
}

/** Never two at once for one key, and for nobody one that began before it was asked for. */
export function createLatest(): Latest {
  const turns = new Map<string, Turns>();

  const begin = (key: string, work: () => Promise<void>): Promise<void> => {
    const turn: Turns = { running: work() };
    turns.set(key, turn);
    const leave = (): void => void (turns.get(key) === turn && turn.next === undefined && turns.delete(key));
    turn.running.then(leave, leave);
    return turn.running;
  };

  return (key, work) => {
    const turn = turns.get(key);
    if (turn === undefined) return begin(key, work);
    const after = (): Promise<void> => begin(key, work);
    turn.next ??= turn.running.then(after, after);
    return turn.next;
  };
}
