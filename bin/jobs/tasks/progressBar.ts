// How far a run of tasks is: a bar on a terminal, lines elsewhere. Pure.
import { drawBar } from '../bar';
import { count, type Progress, type States } from './plan';

/** One line of less than `columns` characters. */
export function bar(states: States, columns: number): string {
  const settled = count(states, 'done', 'failed');
  return drawBar({ settled, all: states.size, text: partsOf(states) }, columns);
}

export function line(name: string, { state, id, reason }: Progress): string {
  return [name, state, id, reason].filter((part) => part !== undefined).join('  ');
}

export function summary(states: States): string {
  return `${states.size} ${states.size === 1 ? 'task' : 'tasks'}: ${partsOf(states)}`;
}

function partsOf(states: States): string {
  const kinds = ['done', 'running', 'submitted', 'tosubmit', 'undefined', 'failed'] as const;
  const told = kinds.map((kind) => [kind, count(states, kind)] as const).filter(([, number]) => number > 0);
  return told.map(([kind, number]) => `${number} ${kind}`).join(', ');
}
