import { node, startMachine, type Machine } from './machine';

let machine: Machine;
beforeEach(() => {
  machine = startMachine();
});
afterEach(() => machine.stop());

const finished = (): Promise<unknown> => machine.until(() => machine.pod()?.status?.phase === 'Succeeded');

test('a log is cut to its last lines, to bytes, and shown with times', async () => {
  machine.run({ containers: [node("console.log('one\\ntwo'); process.stdout.write('three')")] });
  await finished();
  expect(await machine.logs()).toBe('one\ntwo\nthree');
  expect(await machine.logs({ tailLines: 2 })).toBe('two\nthree');
  expect(await machine.logs({ tailLines: 0 })).toBe('');
  expect(await machine.logs({ limitBytes: 5 })).toBe('one\nt');
  expect(await machine.logs({ timestamps: true, tailLines: 1 })).toMatch(
    /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}Z three$/,
  );
  expect(await machine.logs({ sinceSeconds: 3600 })).toBe('one\ntwo\nthree');
});

test('a long line comes through whole', async () => {
  machine.run({ containers: [node("console.log('x'.repeat(100_000)); console.log('end')")] });
  await finished();
  expect(await machine.logs()).toBe(`${'x'.repeat(100_000)}\nend\n`);
  expect(await machine.logs({ tailLines: 2 })).toBe(`${'x'.repeat(100_000)}\nend\n`);
});

test('a follower gets every line and ends with the container', async () => {
  machine.run({
    containers: [
      node('let n = 0; const t = setInterval(() => { console.log(n += 1); if (n === 5) clearInterval(t) }, 5)'),
    ],
  });
  await machine.until(() => machine.pod()?.status?.phase === 'Running');
  expect(await machine.logs({ follow: true })).toBe('1\n2\n3\n4\n5\n');
});

test('a follower that goes away is let go', async () => {
  machine.run({ containers: [node("console.log('up'); setInterval(() => {}, 1000)")] });
  await machine.until(() => machine.pod()?.status?.phase === 'Running');
  const leaving = new AbortController();
  setTimeout(() => leaving.abort(), 100);
  await machine.logs({ follow: true, signal: leaving.signal });
  expect(machine.pod().status?.phase).toBe('Running');
});

test('without a previous attempt there is no previous log', async () => {
  machine.run({ containers: [node('')] });
  await finished();
  await expect(machine.logs({ previous: true })).rejects.toThrow(
    'previous terminated container "main" in pod "pod" not found',
  );
});
