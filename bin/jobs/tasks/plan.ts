// Decides what is done next with the tasks of a file. Pure.
//
// | a task that is | with                                  | becomes                                    |
// | -------------- | ------------------------------------- | ------------------------------------------ |
// | undefined      | a dependency that has failed          | failed                                     |
// | undefined      | all dependencies done                 | tosubmit                                   |
// | tosubmit       | room below maxConcurrent              | named in `start`, in the order of the file |
// | anything else  |                                       | what is seen of its job                    |
import type { Task } from './taskFile';

export type TaskState = 'undefined' | 'tosubmit' | 'submitted' | 'running' | 'done' | 'failed';

export interface Progress {
  readonly state: TaskState;
  /** Of its job; absent while it has none. */
  readonly id?: string;
  /** Why it failed, or was not run. */
  readonly reason?: string;
}

export type States = ReadonlyMap<string, Progress>;

export interface Plan {
  readonly states: States;
  readonly start: readonly Task[];
}

type Planned = Pick<Task, 'name' | 'depends'>;

export function initialStates(tasks: readonly Planned[]): States {
  return new Map(tasks.map(({ name }) => [name, { state: 'undefined' }]));
}

/** `tasks` in an order in which each follows its dependencies, so that one pass settles all that can be. */
export function plan(tasks: readonly Task[], states: States, maxConcurrent: number): Plan {
  const next = new Map(states);
  for (const task of tasks) {
    if (next.get(task.name)?.state === 'undefined') next.set(task.name, considered(task, next));
  }
  const room = Math.max(0, maxConcurrent - count(next, 'submitted', 'running'));
  const ready = tasks.filter(({ name }) => next.get(name)?.state === 'tosubmit');
  return { states: next, start: ready.toSorted((a, b) => a.counter - b.counter).slice(0, room) };
}

export function count(states: States, ...wanted: readonly TaskState[]): number {
  return [...states.values()].filter(({ state }) => wanted.includes(state)).length;
}

export function isSettled(states: States): boolean {
  return count(states, 'done', 'failed') === states.size;
}

function considered({ depends }: Planned, states: States): Progress {
  const failed = depends.find((name) => states.get(name)?.state === 'failed');
  if (failed !== undefined) return { state: 'failed', reason: `${failed} has failed` };
  const isReady = depends.every((name) => states.get(name)?.state === 'done');
  return { state: isReady ? 'tosubmit' : 'undefined' };
}
