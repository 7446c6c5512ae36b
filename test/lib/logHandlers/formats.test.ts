// A record as text: the contract's two formats, word for word.
import { FORMATS, type Told } from '../../../lib/logHandlers/formats';
import { masked } from '../../../lib/masked';

const TIME = new Date(2026, 10, 29, 2, 5, 8, 7).getTime();

function record(extras: object = {}, message = 'request'): Told {
  const site = { file: 'lib/http/exchange.ts', line: 74, function: 'closeWith' };
  return {
    time: TIME,
    levelno: 20,
    message,
    extras: masked(extras as Record<string, unknown>),
    logger: 'services',
    site,
  };
}

const HEAD =
  '2026-11-29 02:05:08,007 logger=services levelno=20 levelname=INFO file=lib/http/exchange.ts line=74 function=closeWith : request';

test.each<[what: string, extras: object, text: string]>([
  ['no extras', {}, ''],
  ['extras in the order in which they came', { b: 1, a: 'x' }, ' --- b=1 --- a=x'],
  [
    'names that are taken',
    { name: 'n', filename: 'f', line: 3, msg: 'm' },
    ' --- name_extra=n --- filename_extra=f --- line_extra=3 --- msg_extra=m',
  ],
  [
    'values that are no text',
    { list: [1, 'a'], none: null, map: { k: true } },
    ' --- list=[1,"a"] --- none=null --- map={"k":true}',
  ],
  [
    'a value that looks like another record',
    { path: 'a\n2026-11-29 forged' },
    String.raw` --- path=a\n2026-11-29 forged`,
  ],
  ['what has no value', { gone: undefined }, ''],
  [
    'a secret',
    { Authorization: 'Basic abc', env: { JPY_API_TOKEN: 'x' } },
    ' --- Authorization=*** --- env={"JPY_API_TOKEN":"***"}',
  ],
])('simple: %s', (_what, extras, text) => {
  expect(FORMATS.simple(record(extras))).toBe(HEAD + text);
});

test('simple: a traceback stands on new lines before the extras, with its causes', () => {
  const error = new Error('outer', { cause: new Error('inner') });

  const lines = FORMATS.simple(record({ error, path: '/x' })).split('\n');

  expect(lines.slice(0, 2)).toEqual([HEAD, 'Error: outer']);
  expect(lines).toContain('caused by: Error: inner');
  expect(lines.at(-1)).toMatch(/^ {4}at .* --- error=Error --- path=\/x$/);
});

test('simple: a message of an error that looks like another record is indented', () => {
  const error = new Error('no handler x\r\n2026-11-29 forged\u2028/etc/passwd');

  const lines = FORMATS.simple(record({ error })).split(/[\n\r\u2028]/);

  expect(lines.slice(0, 4)).toEqual([HEAD, 'Error: no handler x', '    2026-11-29 forged', '    /etc/passwd']);
  for (const line of lines.slice(4)) expect(line).toMatch(/^ {4}at /);
});

test('json: the keys in their order, then the extras', () => {
  const line = JSON.parse(FORMATS.json(record({ b: 1, a: { c: null }, asctime: 'x', logger: 'y' }))) as object;

  expect(Object.entries(line)).toEqual([
    ['asctime', '2026-11-29 02:05:08,007'],
    ['levelno', 20],
    ['levelname', 'INFO'],
    ['logger', 'services'],
    ['file', 'lib/http/exchange.ts'],
    ['line', 74],
    ['function', 'closeWith'],
    ['Message', 'request'],
    ['b', 1],
    ['a', { c: null }],
    ['asctime_extra', 'x'],
    ['logger_extra', 'y'],
  ]);
});

test('json: a traceback is appended to the message; bytes and circles drop nothing', () => {
  const circle: Record<string, unknown> = { bytes: Buffer.from('abc') };
  circle.self = circle;

  const line = JSON.parse(FORMATS.json(record({ error: new Error('no'), circle }))) as Record<string, unknown>;

  expect(line['Message']).toMatch(/^request\nError: no\n {4}at /);
  expect(line).toMatchObject({ error: 'Error', circle: { bytes: '[3 bytes]', self: '[circular]' } });
});

test.each([
  [5, 'TRACE'],
  [10, 'DEBUG'],
  [30, 'WARNING'],
  [40, 'ERROR'],
  [50, 'CRITICAL'],
])('level %i is called %s', (levelno, name) => {
  expect(FORMATS.simple({ ...record(), levelno })).toContain(`levelno=${levelno} levelname=${name} `);
});
