// The newest few of each group, while many pass by: whoever is pushed out has that many newer ones. Memory grows with groups only.

export interface Passing<T> {
  readonly group: string;
  /** How many of the group may stay. */
  readonly size: number;
  /** Milliseconds. */
  readonly at: number;
  readonly value: T;
}

export interface Window<T> {
  /** Answers who has to leave for it, perhaps itself. */
  readonly offer: (passing: Passing<T>) => T | undefined;
}

type Seat<T> = Pick<Passing<T>, 'at' | 'value'>;

export function createWindow<T>(): Window<T> {
  const groups = new Map<string, Seat<T>[]>();
  return {
    offer: ({ group, size, at, value }) => {
      const seats = groups.get(group) ?? [];
      groups.set(group, seats);
      seats.splice(placeOf(seats, at), 0, { at, value });
      return seats.length > size ? seats.shift()?.value : undefined;
    },
  };
}

/** Seats are in order of time, the oldest first. */
function placeOf(seats: readonly Seat<unknown>[], at: number): number {
  let low = 0;
  let high = seats.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((seats[middle]?.at ?? 0) < at) low = middle + 1;
    else high = middle;
  }
  return low;
}
