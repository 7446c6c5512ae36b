// How far several images are: a bar below what has ended on a terminal, lines elsewhere.
import type { Terminal } from '../command';
import { CLEAR, drawBar } from '../jobs/bar';
import { outcomeLine, type Outcome } from './outcome';

export interface Progress {
  readonly begin: (name: string) => void;
  /** What a builder says, in its own line. */
  readonly say: (name: string, line: string) => void;
  readonly end: (name: string, outcome: Outcome) => void;
}

export function createProgress(
  { write, writeError, columns }: Terminal,
  { all, verb }: { readonly all: number; readonly verb: string },
): Progress {
  const working = new Set<string>();
  let settled = 0;
  const tell = (out: (text: string) => void, text: string): void => {
    if (columns === undefined) return out(text);
    write(CLEAR);
    out(text);
    draw(columns);
  };
  const draw = (width: number): void => {
    if (settled < all) write(`${CLEAR}${drawBar({ settled, all, text: [...working].join(', ') }, width)}`);
  };
  return {
    begin: (name) => {
      working.add(name);
      if (columns === undefined) writeError(`${name}: ${verb}\n`);
      else draw(columns);
    },
    say: (name, line) => tell(writeError, `${name}: ${line}\n`),
    end: (name, outcome) => {
      working.delete(name);
      settled += 1;
      tell(outcome.kind === 'failed' ? writeError : write, outcomeLine(name, outcome));
    },
  };
}
