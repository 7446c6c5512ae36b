import { parseTasks } from '../../../../bin/jobs/tasks/taskFile';

const parsed = (text: string) => parseTasks(text, 'tasks.yaml');

test('tasks are in the order of their dependencies, and keep their number in the file', () => {
  const tasks = parsed(`
tasks:
  - {name: last, command: c, depends: [middle, first]}
  - {name: middle, payload: [a, b], depends: [first]}
  - {name: first, command: [a, b c]}
  - {name: alone, command: d}
`);
  expect(tasks.map(({ name, counter }) => [name, counter])).toEqual([
    ['first', 3],
    ['alone', 4],
    ['middle', 2],
    ['last', 1],
  ]);
});

test.each([
  ['', '(all of it)'],
  ['tasks: []', 'tasks'],
  ['tasks: {', 'tasks.yaml is not usable: Flow map'],
  ['tasks: [{name: a}]', 'tasks[0]: give command or payload'],
  ['tasks: [{name: a, command: x, payload: [y]}]', 'tasks[0]: give command or payload'],
  ['tasks: [{name: a, command: x, memroy: 1}]', 'memroy'],
  ['tasks: [{name: a, command: x}, {name: a, command: y}]', 'there are several tasks a'],
  ['tasks: [{name: a, command: x, depends: [b]}]', 'task a depends on b, which is not there'],
  ['tasks: [{name: a, command: x, depends: [a]}]', 'tasks wait for each other: a -> a'],
])('%s is refused', (text, message) => {
  expect(() => parsed(text)).toThrow(message);
});

test('all faults are told at once', () => {
  const text = 'tasks: [{name: a, command: x, memory: -1}, {name: b, command: y, retries: many}]';
  expect(() => parsed(text)).toThrow(/tasks\[0\]\.memory: .*; tasks\[1\]\.retries: /);
});

test('a cycle is told by its members', () => {
  const text = `
tasks:
  - {name: start, command: x, depends: [a]}
  - {name: a, command: x, depends: [c]}
  - {name: b, command: x, depends: [a]}
  - {name: c, command: x, depends: [b]}
`;
  expect(() => parsed(text)).toThrow('tasks wait for each other: a -> c -> b -> a');
});
