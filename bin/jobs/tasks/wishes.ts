// What a task wishes: its own words over those of the command line. Pure.
import { secretsFrom } from '../secretEnv';
import { payloadOf, type Wishes } from '../request';
import type { Task } from './taskFile';

type Environment = Readonly<Record<string, string | undefined>>;

export function wishesOf(task: Task, common: Wishes, environment: Environment): Wishes {
  const { name: _1, counter: _2, command: _3, payload: _4, depends: _5, inputs: _6, outputs: _7, ...own } = task;
  return {
    ...common,
    ...own,
    env: { ...common.env, ...own.env },
    secretEnv: { ...common.secretEnv, ...secretsFrom(own.secretEnv, environment) },
  };
}

export function payloadOfTask({ command = [], payload }: Task): string {
  if (payload !== undefined) return payload.join('\n');
  return typeof command === 'string' ? command : payloadOf(command);
}
