// What came of each image, in a line, and of all of them as an exit code. Pure.

export interface Outcome {
  readonly kind: 'done' | 'there' | 'off' | 'failed';
  readonly text: string;
}

/** 1 tells a script that there was nothing to do; what went wrong is never that. */
export const EXIT = { done: 0, idle: 1, broken: 2, failed: 3, interrupted: 130 } as const;

export function exitCodeOf(outcomes: readonly Outcome[], isIdleGood: boolean): number {
  if (outcomes.some(({ kind }) => kind === 'failed')) return EXIT.failed;
  if (isIdleGood || outcomes.some(({ kind }) => kind === 'done')) return EXIT.done;
  return EXIT.idle;
}

export function outcomeLine(name: string, { text }: Outcome): string {
  return `${name}: ${text}\n`;
}
