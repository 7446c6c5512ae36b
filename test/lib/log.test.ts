// What a log line holds, and what it must never hold.
import { AppError } from '../../lib/errors';
import { createLog, type Level, type Log } from '../../lib/log';

function recording(level: Level = 'debug'): { log: Log; lines: () => Record<string, unknown>[] } {
  const written: string[] = [];
  const log = createLog({ level, name: 'services', write: (line) => written.push(line) });
  return { log, lines: () => written.map((line) => JSON.parse(line) as Record<string, unknown>) };
}

test('a line is one JSON object with time, level, function, message, then the fields', () => {
  const { log, lines } = recording();
  log.info('anchor created', { namespace: 'hub', name: 'a' });
  expect(Object.keys(lines()[0]!)).toEqual(['time', 'level', 'function', 'message', 'namespace', 'name']);
  expect(lines()[0]).toMatchObject({ level: 'info', function: 'services', message: 'anchor created', name: 'a' });
});

test('lines below the level are not written', () => {
  const { log, lines } = recording('warn');
  log.debug('a');
  log.info('b');
  log.warn('c');
  log.error('d');
  expect(lines().map(({ message }) => message)).toEqual(['c', 'd']);
});

test('a child adds its fields to each line', () => {
  const { log, lines } = recording();
  log.child({ requestId: 'r1' }).child({ user: 'u' }).warn('x', { user: 'v' });
  expect(lines()[0]).toMatchObject({ requestId: 'r1', user: 'v' });
});

test('a field cannot replace the head of the line', () => {
  const { log, lines } = recording();
  log.info('real', { level: 'error', message: 'forged', time: 'never' });
  expect(lines()[0]).toMatchObject({ level: 'info', message: 'real' });
});

test.each([
  'token',
  'access-token',
  'access_token',
  'Authorization',
  'password',
  'clientSecret',
  'certs',
  'JPY_API_TOKEN',
])('the value under %s is masked at any depth', (key) => {
  const { log, lines } = recording();
  log.info('x', { [key]: 'hidden', env: [{ [key]: { deep: 'hidden' } }], kept: new Map([[key, 'hidden']]) });
  expect(JSON.stringify(lines())).not.toContain('hidden');
  expect(lines()[0]).toMatchObject({ [key]: '***', env: [{ [key]: '***' }] });
});

test('names that only speak of a secret stay readable', () => {
  const { log, lines } = recording();
  log.info('x', { secretName: 'env-1', kind: 'Secret' });
  expect(lines()[0]).toMatchObject({ secretName: 'env-1', kind: 'Secret' });
});

test('an error tells name, message, stack, code, fields and its cause', () => {
  const { log, lines } = recording();
  const cause = Object.assign(new Error('refused'), { code: 'ECONNREFUSED', response: { headers: 'x' } });
  log.error('failed', {
    error: new AppError('kube_down', 503, 'later', { cause, fields: { kind: 'Pod', token: 'hidden' } }),
  });
  expect(lines()[0]!.error).toMatchObject({
    name: 'AppError',
    code: 'kube_down',
    stack: expect.stringContaining('AppError'),
    fields: { kind: 'Pod', token: '***' },
    cause: { message: 'refused', code: 'ECONNREFUSED' },
  });
  expect(JSON.stringify(lines())).not.toContain('headers');
});

test('what cannot be told in JSON is told in other words, and never throws', () => {
  const { log, lines } = recording();
  const circular: Record<string, unknown> = { big: 10n, bytes: Buffer.from('abc'), at: new Date(0), set: new Set([1]) };
  circular.self = circular;
  log.info('x', { circular });
  const expected = { big: '10', bytes: '[3 bytes]', at: '1970-01-01T00:00:00.000Z', set: [1], self: '[circular]' };
  expect(lines()[0]).toMatchObject({ circular: expected });
  const hostile = Object.defineProperty({}, 'trap', {
    enumerable: true,
    get: () => {
      throw new Error('no');
    },
  });
  log.info('y', { hostile });
  expect(lines()[1]).toMatchObject({ message: 'y', unloggable: 'Error: no' });
});

test('a sink that fails does not disturb the caller', () => {
  const log = createLog({
    level: 'info',
    name: 'x',
    write: () => {
      throw new Error('EPIPE');
    },
  });
  expect(() => log.info('x')).not.toThrow();
});
