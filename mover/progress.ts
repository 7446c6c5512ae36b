// How far a mover has come: a JSON line when the phase changes, and every two seconds.

export interface Amounts {
  readonly files: number;
  readonly bytes: number;
  readonly totalFiles: number;
  readonly totalBytes: number;
}

export interface Progress {
  readonly tell: (phase: string, amounts?: Partial<Amounts>) => void;
}

const INTERVAL_MS = 2_000;
const NONE: Amounts = { files: 0, bytes: 0, totalFiles: 0, totalBytes: 0 };

interface Told extends Amounts {
  readonly phase: string;
  readonly at: number;
}

/** `now` in milliseconds; `rate` is of the time since the line before, in bytes per second. */
export function createProgress(write: (line: string) => void, now: () => number): Progress {
  let last: Told | undefined;
  return {
    tell: (phase, amounts = {}) => {
      const told = { ...NONE, ...amounts, phase, at: now() };
      const before = last?.phase === phase ? last : undefined;
      if (before !== undefined && !isDue(before, told)) return;
      last = told;
      const { at: _, ...shown } = told;
      write(`${JSON.stringify({ progress: { ...shown, rate: rateOf(before, told) } })}\n`);
    },
  };
}

/** Also when all has been moved, as nothing may follow in this phase. */
function isDue(before: Told, { at, bytes, totalBytes }: Told): boolean {
  return at - before.at >= INTERVAL_MS || (bytes === totalBytes && bytes > before.bytes);
}

function rateOf(before: Told | undefined, { at, bytes }: Told): number {
  if (before === undefined || at <= before.at) return 0;
  return Math.max(0, Math.round(((bytes - before.bytes) * 1000) / (at - before.at)));
}
