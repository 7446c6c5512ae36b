import { createQueue } from '../../../lib/credentials/queue';

function createWork() {
  const ending = new AbortController();
  const ended = new Promise<void>((resolve) => ending.signal.addEventListener('abort', () => resolve()));
  return { run: jest.fn(() => ended), finish: () => ending.abort() };
}

test('runs as many at once as allowed and the next when one is done, in order', async () => {
  const queue = createQueue({ running: 2, waiting: 2 });
  const works = [createWork(), createWork(), createWork(), createWork()];
  const results = works.map(({ run }) => queue(run));
  await Promise.resolve();
  expect(works.map(({ run }) => run.mock.calls.length)).toEqual([1, 1, 0, 0]);
  works[0]?.finish();
  await results[0];
  await Promise.resolve();
  expect(works.map(({ run }) => run.mock.calls.length)).toEqual([1, 1, 1, 0]);
  for (const { finish } of works) finish();
  await Promise.all(results);
});

test('refuses what cannot wait with 503 and when to come back', async () => {
  const queue = createQueue({ running: 1, waiting: 0 });
  const work = createWork();
  const first = queue(work.run);
  await expect(queue(work.run)).rejects.toMatchObject({
    code: 'busy',
    status: 503,
    details: { retryAfterSeconds: 1, body: { detail: 'Too many logins at once. Please try again.' } },
  });
  work.finish();
  await first;
});

test('work that fails frees its place', async () => {
  const queue = createQueue({ running: 1, waiting: 0 });
  await expect(queue(() => Promise.reject(new Error('broken')))).rejects.toThrow('broken');
  await expect(queue(() => Promise.resolve('next'))).resolves.toBe('next');
});
