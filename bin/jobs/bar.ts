// A bar that is rewritten in place on a terminal. Pure.

const WIDEST = 40;

/** To the beginning of the line, and empty it. */
export const CLEAR = '\r\u001B[K';

export interface Drawn {
  readonly settled: number;
  readonly all: number;
  /** Behind the bar and the count. */
  readonly text: string;
}

/** One line of less than `columns` characters; where there is no room for a bar, only what is behind it. */
export function drawBar({ settled, all, text }: Drawn, columns: number): string {
  const told = ` ${settled}/${all} ${text}`;
  const width = Math.min(WIDEST, columns - told.length - 3);
  const filled = Math.round((width * settled) / Math.max(1, all));
  const drawn = width < 5 ? '' : `[${'#'.repeat(filled)}${'.'.repeat(width - filled)}]`;
  return `${drawn}${told}`.trim().slice(0, Math.max(0, columns - 1));
}
