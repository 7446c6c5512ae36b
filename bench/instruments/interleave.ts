// Runs the sides of a comparison in turn, A B B A A B ..., so that whatever else the machine does hits all of them alike.
import { setTimeout as sleep } from 'node:timers/promises';
import type { Rounds } from './statistics';

/** Does one thing once and answers how many milliseconds it took. */
export type Side = () => Promise<number>;

export interface InterleaveOptions {
  readonly rounds?: number;
  /** Turns of each side beforehand that are not counted: connections open, code is compiled. */
  readonly warmUp?: number;
  /** Turns of each side in a round. */
  readonly turns?: number;
  /** For all rounds together: a slow machine makes fewer turns, never fewer rounds. */
  readonly seconds?: number;
  /** After each turn, for what a cluster does in the background once it has answered. */
  readonly pauseMs?: number;
}

const PACE: Required<InterleaveOptions> = { rounds: 5, warmUp: 1, turns: 12, seconds: 20, pauseMs: 10 };

/** Samples by side and round. */
export async function interleave<Name extends string>(
  sides: Readonly<Record<Name, Side>>,
  options: InterleaveOptions = {},
): Promise<Readonly<Record<Name, Rounds>>> {
  const pace = { ...PACE, ...options };
  const names = Object.keys(sides) as Name[];
  const samples = Object.fromEntries(names.map((name) => [name, emptyRounds(pace.rounds)])) as Record<Name, number[][]>;
  const take = async (name: Name, round?: number): Promise<void> => {
    const sample = await sides[name]();
    if (round !== undefined) samples[name][round]?.push(sample);
    await sleep(pace.pauseMs);
  };
  for (let turn = 0; turn < pace.warmUp; turn += 1) for (const name of names) await take(name);
  for (let round = 0; round < pace.rounds; round += 1) {
    const endsAt = performance.now() + (pace.seconds * 1000) / pace.rounds;
    for (let turn = 0; turn < pace.turns && (turn === 0 || performance.now() < endsAt); turn += 1) {
      for (const name of turn % 2 === 0 ? names : names.toReversed()) await take(name, round);
    }
  }
  return samples;
}

/** How long `work` takes, in milliseconds. */
export async function timed(work: () => Promise<unknown>): Promise<number> {
  const from = performance.now();
  await work();
  return performance.now() - from;
}

function emptyRounds(rounds: number): number[][] {
  return Array.from({ length: rounds }, () => []);
}
