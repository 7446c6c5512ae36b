import { initialStates, isSettled, plan, type States, type TaskState } from '../../../../bin/jobs/tasks/plan';
import { parseTasks } from '../../../../bin/jobs/tasks/taskFile';

const tasks = parseTasks(
  `
tasks:
  - {name: merge, command: x, depends: [a, b]}
  - {name: a, command: x}
  - {name: b, command: x}
  - {name: end, command: x, depends: [merge]}
`,
  'tasks.yaml',
);

const at = (states: Readonly<Record<string, TaskState>>): States =>
  new Map([...initialStates(tasks), ...Object.entries(states).map(([name, state]) => [name, { state }] as const)]);

interface Case {
  readonly what: string;
  readonly states: Readonly<Record<string, TaskState>>;
  readonly max?: number;
  readonly start: readonly string[];
  readonly after?: Readonly<Record<string, TaskState>>;
}

const CASES: readonly Case[] = [
  {
    what: 'what depends on nothing starts',
    states: {},
    start: ['a', 'b'],
    after: { a: 'tosubmit', merge: 'undefined' },
  },
  { what: 'no more than may run at once', states: {}, max: 1, start: ['a'], after: { b: 'tosubmit' } },
  { what: 'what was submitted counts', states: { a: 'submitted' }, max: 1, start: [] },
  { what: 'what runs counts', states: { a: 'running' }, max: 2, start: ['b'] },
  { what: 'what is done does not', states: { a: 'done' }, max: 1, start: ['b'] },
  {
    what: 'all dependencies have to be done',
    states: { a: 'done', b: 'running' },
    start: [],
    after: { merge: 'undefined' },
  },
  { what: 'then the dependant starts', states: { a: 'done', b: 'done' }, start: ['merge'] },
  {
    what: 'a failure fails all that depend on it, however far',
    states: { a: 'failed', b: 'running' },
    start: [],
    after: { merge: 'failed', end: 'failed', b: 'running' },
  },
];

test.each(CASES)('$what', ({ states, max = Infinity, start, after = {} }) => {
  const planned = plan(tasks, at(states), max);
  expect(planned.start.map(({ name }) => name)).toEqual(start);
  for (const [name, state] of Object.entries(after)) expect(planned.states.get(name)?.state).toBe(state);
});

test('what failed for another says for which', () => {
  expect(plan(tasks, at({ b: 'failed' }), 1).states.get('end')).toEqual({
    state: 'failed',
    reason: 'merge has failed',
  });
});

test('a run is over when every task is done or failed', () => {
  expect(isSettled(at({ a: 'done', b: 'failed', merge: 'failed', end: 'failed' }))).toBe(true);
  expect(isSettled(at({ a: 'done' }))).toBe(false);
});
