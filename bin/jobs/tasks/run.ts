// Runs the tasks of a file to their end: plans, starts, looks, and again; every change is told.
import { APP, labelValue } from '../names';
import type { JobsClient } from '../api/client';
import { createPauses } from '../pause';
import type { Wishes } from '../request';
import { mapSome } from '../mapSome';
import { observe } from './observe';
import { initialStates, isSettled, plan, type Progress, type States } from './plan';
import { startTask } from './startTask';
import type { Task } from './taskFile';

export interface Run {
  readonly client: JobsClient;
  readonly tasks: readonly Task[];
  readonly identifier: string;
  readonly wishes: Wishes;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly maxConcurrent: number;
  readonly isCheckingMissing: boolean;
  readonly isCheckingTimestamps: boolean;
  /** Called with every state that has changed, then with all of them. */
  readonly onChange: (name: string, progress: Progress) => void;
  readonly onLook: (states: States) => void;
}

/** Answers the last states; fails with what the service said when it can no longer be asked. */
export async function runTasks(run: Run): Promise<States> {
  const { client, tasks, identifier, maxConcurrent } = run;
  const label = `app=${APP},identifier=${labelValue(identifier)}`;
  const pauses = createPauses();
  let states = initialStates(tasks);
  for (;;) {
    const before = states;
    const { states: planned, start } = plan(tasks, states, maxConcurrent);
    const started = await mapSome(start, async (task) => [task.name, await startTask(run, task)] as const);
    states = new Map([...planned, ...started]);
    tell(run, before, states);
    if (isSettled(states)) return states;
    if (isSame(before, states)) {
      await pauses.next();
      states = await observe(client, label, states);
      tell(run, before, states);
      if (!isSame(before, states)) pauses.reset();
    }
  }
}

function tell({ onChange, onLook }: Run, before: States, after: States): void {
  for (const [name, progress] of after) if (hasChanged(before.get(name), progress)) onChange(name, progress);
  onLook(after);
}

function isSame(before: States, after: States): boolean {
  return [...after].every(([name, progress]) => !hasChanged(before.get(name), progress));
}

function hasChanged(before: Progress | undefined, { state }: Progress): boolean {
  return before?.state !== state;
}
