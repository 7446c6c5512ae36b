// How far a job set is: on a terminal a bar below the stages that are over, elsewhere a line for each that goes on. Pure.
import { isOver, type JobState } from '../api/answers';
import { CLEAR, drawBar } from '../bar';

type Stage = NonNullable<JobState['stages']>[number];

export interface Look {
  readonly state: JobState;
  /** Lines of earlier looks. */
  readonly told: ReadonlySet<string>;
  /** Of the terminal; absent where there is none. */
  readonly columns: number | undefined;
}

export interface News {
  /** Not told before. */
  readonly lines: readonly string[];
  /** To be written as it is. */
  readonly text: string;
}

/** On a terminal what only waits or runs is told by the bar. */
export function newsOf({ state, told, columns }: Look): News {
  const { stages = [] } = state;
  const begun = stages.filter((stage) => (columns === undefined ? stage.phase !== 'waiting' : isSettled(stage)));
  const lines = begun.map(lineOf).filter((line) => !told.has(line));
  const text = lines.map((line) => `${line}\n`).join('');
  if (columns === undefined) return { lines, text };
  return { lines, text: `${CLEAR}${text}${isOver(state) ? '' : barOf(stages, columns)}` };
}

function barOf(stages: readonly Stage[], columns: number): string {
  const current = stages.find((stage) => !isSettled(stage));
  const text = current === undefined ? '' : lineOf(current);
  return drawBar({ settled: stages.filter(isSettled).length, all: stages.length, text }, columns);
}

/** A reason beside what only waits is news, too. In one line, whatever the cluster says. */
function lineOf({ name, phase, reason, message }: Stage): string {
  const isPlain = reason === undefined && phase !== 'skipped';
  return isPlain ? `stage ${name} ${phase}` : `stage ${name} ${phase}: ${message.replaceAll(/\s+/g, ' ').trim()}`;
}

function isSettled(stage: Stage): boolean {
  return isOver(stage) || stage.phase === 'skipped';
}
