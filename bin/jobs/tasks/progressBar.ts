// How far a run of tasks is: a bar on a terminal, lines elsewhere. Pure.
import { count, type Progress, type States } from './plan';

const WIDEST_BAR = 40;

/** One line of at most `columns` characters. */
export function bar(states: States, columns: number): string {
  const settled = count(states, 'done', 'failed');
  const text = ` ${settled}/${states.size} ${partsOf(states)}`;
  const width = Math.min(WIDEST_BAR, columns - text.length - 3);
  const filled = Math.round((width * settled) / Math.max(1, states.size));
  const drawn = width < 5 ? '' : `[${'#'.repeat(filled)}${'.'.repeat(width - filled)}]`;
  return `${drawn}${text}`.trim().slice(0, Math.max(0, columns - 1));
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
