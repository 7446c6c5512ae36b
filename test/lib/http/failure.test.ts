// What a caller sees of an error, and what only the log sees.
import { setTimeout as sleep } from 'node:timers/promises';
import { AppError } from '../../../lib/errors';
import { clientGone, failure } from '../../../lib/http/failure';
import { createLog } from '../../../lib/log';

function fail(error: unknown, signal = new AbortController().signal) {
  const lines: string[] = [];
  const log = createLog({ level: 'info', name: 'x', write: (line) => lines.push(line) });
  return { response: failure(error, { id: 'r1', log, signal }), lines };
}

test.each([
  [new AppError('a', 404, 'Not found.'), 404, { detail: 'Not found.' }, {}],
  [new AppError('a', 400, 'x', { body: ['Missing key'] }), 400, ['Missing key'], {}],
  [new AppError('a', 401, 'x'), 401, { detail: 'x' }, { 'www-authenticate': 'Basic realm="api"' }],
  [new AppError('a', 409, 'x', { headers: { 'x-a': 'b' } }), 409, { detail: 'x' }, { 'x-a': 'b' }],
  [
    new AppError('a', 503, 'secret', { retryAfterSeconds: 1.2 }),
    503,
    { detail: 'Internal error.', request_id: 'r1' },
    { 'retry-after': '2' },
  ],
  [new AppError('a', 500, 'secret', { body: { error: 'shown' } }), 500, { error: 'shown' }, {}],
  [new Error('secret'), 500, { error: 'Unexpected Error', detailed_error: 'Internal error. Request id: r1' }, {}],
  ['thrown text', 500, { error: 'Unexpected Error', detailed_error: 'Internal error. Request id: r1' }, {}],
])('%s is answered', (...[error, status, body, headers]) => {
  const { response } = fail(error);
  expect(response).toMatchObject({ status, body });
  expect(response.headers ?? {}).toEqual(headers);
});

test('a server error is logged once with stack and cause, a refusal is not', () => {
  const { lines } = fail(new AppError('a', 502, 'bad gateway', { cause: new Error('reset') }));
  expect(lines).toHaveLength(1);
  expect(JSON.parse(lines[0]!)).toMatchObject({
    level: 'error',
    error: { stack: expect.any(String), cause: { message: 'reset' } },
  });
  expect(fail(new AppError('a', 404, 'x')).lines).toHaveLength(0);
});

test('a failure after the client left is only a warning', () => {
  const { lines } = fail(new Error('aborted'), AbortSignal.abort(clientGone()));
  expect(JSON.parse(lines[0]!)).toMatchObject({ level: 'warn' });
});

test('what was told to stop is answered with why it was told so', async () => {
  const signal = AbortSignal.abort(new AppError('late', 504, 'x', { body: { detail: 'Too late.' } }));
  const stopped: unknown = await sleep(1_000, undefined, { signal }).catch((error: unknown) => error);
  expect(fail(stopped, signal).response).toMatchObject({ status: 504, body: { detail: 'Too late.' } });
});
