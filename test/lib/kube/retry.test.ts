import { AppError } from '../../../lib/errors';
import { withRetries, type Patience } from '../../../lib/kube/retry';

const unavailable = (apiStatus?: number, askedSeconds?: number): AppError =>
  new AppError('x', 503, 'away', { retryAfterSeconds: 5, fields: { apiStatus, askedSeconds } });
const never = new AbortController().signal;

/** Fails with the given errors in turn, then answers; remembers the pauses. */
function script(...failures: readonly AppError[]) {
  const pauses: number[] = [];
  const left = [...failures];
  const run = async ({ signal = never, isPatient = false }: Partial<Patience> = {}) =>
    withRetries(
      async (number) => {
        const failure = left.shift();
        if (failure !== undefined) throw failure;
        return number;
      },
      { signal, isPatient },
      async (ms) => void pauses.push(ms),
    );
  return { run, pauses };
}

test('the first answer is taken as it is', async () => {
  await expect(script().run()).resolves.toEqual({ value: 1, repeated: false });
});

test('what may pass is repeated, with growing pauses', async () => {
  const { run, pauses } = script(unavailable(500), unavailable(500), unavailable(500));
  await expect(run()).resolves.toEqual({ value: 4, repeated: true });
  expect(pauses[0]).toBeLessThan(200);
  expect(pauses[2]).toBeGreaterThanOrEqual(200);
});

test('a refusal for load took no effect and says how long to wait', async () => {
  const { run, pauses } = script(unavailable(429, 2));
  await expect(run()).resolves.toEqual({ value: 2, repeated: false });
  expect(pauses).toEqual([2000]);
});

test('it gives up after four attempts', async () => {
  const { run, pauses } = script(...Array.from({ length: 9 }, () => unavailable()));
  await expect(run()).rejects.toThrow('away');
  expect(pauses).toHaveLength(3);
});

test('who is patient goes on, at least every five seconds', async () => {
  const { run, pauses } = script(...Array.from({ length: 19 }, () => unavailable()));
  await expect(run({ isPatient: true })).resolves.toEqual({ value: 20, repeated: true });
  expect(pauses).toHaveLength(19);
  expect(Math.max(...pauses)).toBe(5000);
});

test('who is patient ends with the signal, or what is definite', async () => {
  const controller = new AbortController();
  const attempt = withRetries(async () => Promise.reject(unavailable()), {
    signal: controller.signal,
    isPatient: true,
  });
  setTimeout(() => controller.abort(), 20);
  await expect(attempt).rejects.toMatchObject({ code: 'x', status: 503 });

  const { run } = script(unavailable(), new AppError('invalid', 500, 'no'));
  await expect(run({ isPatient: true })).rejects.toThrow('no');
});

test('a definite answer is not repeated', async () => {
  const { run, pauses } = script(new AppError('invalid', 500, 'no'));
  await expect(run()).rejects.toThrow('no');
  expect(pauses).toEqual([]);
});

test('nothing is repeated for a request whose time is over', async () => {
  await expect(script(unavailable()).run({ signal: AbortSignal.abort() })).rejects.toThrow('away');
});

test('when the time is up in a pause, what the cluster said last is told', async () => {
  const controller = new AbortController();
  const attempt = withRetries(async () => Promise.reject(unavailable(429, 5)), controller);
  setTimeout(() => controller.abort(), 20);
  await expect(attempt).rejects.toMatchObject({ code: 'x', status: 503 });
});
