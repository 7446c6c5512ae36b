// Medians and spreads: what a noisy machine leaves to be said of a series of samples.

/** One side of a measurement: what was seen over all rounds. */
export interface Figure {
  readonly unit: Unit;
  readonly median: number;
  readonly p10: number;
  readonly p90: number;
  readonly samples: number;
}

export type Unit = 'ms' | 'µs' | 'MiB' | 'requests' | 'lines';

/** How one side compares to another: the median of the rounds' ratios, and the rounds that differ most. */
export interface Ratio {
  readonly median: number;
  readonly min: number;
  readonly max: number;
}

/** Samples by round. */
export type Rounds = readonly (readonly number[])[];

/** Both sides of a measurement and how they compare, as a finding tells them. */
export function compared(
  ours: Rounds,
  floor: Rounds,
  unit: Unit,
): { readonly ours: Figure; readonly floor: Figure; readonly ratio: Ratio } {
  return { ours: toFigure(ours.flat(), unit), floor: toFigure(floor.flat(), unit), ratio: toRatio(ours, floor) };
}

export function toFigure(samples: readonly number[], unit: Unit): Figure {
  const at = (share: number): number => quantile(samples, share);
  return { unit, median: at(0.5), p10: at(0.1), p90: at(0.9), samples: samples.length };
}

/** Each round is judged by its own medians, so that a slow minute of the machine hits both sides of it. */
export function toRatio(ours: Rounds, floor: Rounds): Ratio {
  const ratios = ours.map((samples, round) => quantile(samples, 0.5) / quantile(floor[round] ?? [], 0.5));
  return { median: quantile(ratios, 0.5), min: Math.min(...ratios), max: Math.max(...ratios) };
}

/** Interpolates between neighbours; NaN of nothing. */
export function quantile(samples: readonly number[], share: number): number {
  const sorted = samples.toSorted((a, b) => a - b);
  const position = (sorted.length - 1) * share;
  const below = sorted[Math.floor(position)] ?? Number.NaN;
  const above = sorted[Math.ceil(position)] ?? Number.NaN;
  return below + (above - below) * (position - Math.floor(position));
}
