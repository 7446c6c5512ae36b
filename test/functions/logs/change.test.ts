// What a change of a handler makes of the handlers: defaults, merging, ends, and what is refused in which words.
import { AppError } from '../../../lib/errors';
import { configurationOf, settled, type Handlers } from '../../../lib/logHandlers/document';
import { DEFAULTS } from '../../../lib/logHandlers/settings';
import { change, parseWish, type Method } from '../../../functions/logs/change';

const NOW = new Date('2026-11-29T12:00:00Z');
const LATER = new Date('2026-11-29T12:11:00Z');
const REACH = { files: ['/tmp/*'], receivers: ['127.0.0.1:*', 'mail.example.org:587'] };
const LEVELS =
  "[0, 5, 10, 20, 30, 40, 50, 99, '0', '5', '10', '20', '30', '40', '50', '99', " +
  "'NOTSET', 'TRACE', 'DEBUG', 'INFO', 'WARN', 'WARNING', 'ERROR', 'FATAL', 'CRITICAL', 'DEACTIVATE']";

function made(handlers: Handlers, method: Method, handler: string, configuration?: unknown, now = NOW) {
  const wish =
    method === 'DELETE'
      ? ({ method, handler } as Parameters<typeof change>[1])
      : parseWish(method, { handler, configuration }, method === 'POST' ? undefined : handler);
  return change(handlers, wish, { reach: REACH, now });
}

function refusal(work: () => unknown): { status: number; body: unknown } {
  try {
    work();
  } catch (error) {
    if (error instanceof AppError) return { status: error.status, body: error.details.body };
    throw error;
  }
  throw new Error('it was not refused');
}

describe('a complete configuration', () => {
  test.each(['file', 'smtp', 'syslog'] as const)('of %s is what was sent over the defaults', (handler) => {
    const { handlers } = made({}, 'POST', handler, { level: 'INFO' });
    expect(configurationOf(handlers, handler)).toEqual({ ...DEFAULTS[handler], level: 'INFO' });
  });

  test('is replaced by PUT, and changed in part by PATCH', () => {
    const { handlers } = made({}, 'POST', 'file', { level: 'INFO', backupCount: 3 });

    expect(made(handlers, 'PATCH', 'file', { when: 'H' }).after).toEqual({
      ...DEFAULTS.file,
      level: 'INFO',
      backupCount: 3,
      when: 'H',
    });
    expect(made(handlers, 'PUT', 'file', { when: 'H' }).after).toEqual({ ...DEFAULTS.file, when: 'H' });
  });
});

describe('stream', () => {
  test('is there without having been stored', () => {
    expect(configurationOf({}, 'stream')).toEqual(DEFAULTS.stream);
    expect(refusal(() => made({}, 'POST', 'stream', {}))).toEqual({
      status: 400,
      body: { handler: ['handler model with this handler already exists.'] },
    });
  });

  test('is not there once it was deleted, and can be added again', () => {
    const { handlers } = made({}, 'DELETE', 'stream');

    expect(configurationOf(handlers, 'stream')).toBeUndefined();
    expect(made(handlers, 'POST', 'stream', {}).after).toEqual(DEFAULTS.stream);
  });
});

describe('a handler that expires', () => {
  const lasting = made({}, 'POST', 'syslog', { level: 'WARN' }).handlers;
  const debugging = made(lasting, 'PATCH', 'syslog', { level: 'DEBUG', expires: '10m' });

  test('tells until when', () => {
    expect(debugging.after).toMatchObject({ level: 'DEBUG', expires: '2026-11-29T12:10:00.000Z' });
  });

  test('is afterwards what it was before', () => {
    expect(configurationOf(settled(debugging.handlers, LATER), 'syslog')).toMatchObject({ level: 'WARN' });
  });

  test('is what it was before the first of several temporary changes', () => {
    const again = made(debugging.handlers, 'PATCH', 'syslog', { level: 'TRACE', expires: '10m' });
    expect(configurationOf(settled(again.handlers, LATER), 'syslog')).toMatchObject({ level: 'WARN' });
  });

  test('stays when that is taken back', () => {
    const { handlers, after } = made(debugging.handlers, 'PATCH', 'syslog', { expires: null });
    expect(after).not.toHaveProperty('expires');
    expect(configurationOf(settled(handlers, LATER), 'syslog')).toMatchObject({ level: 'DEBUG' });
  });

  test('is gone when nothing was there before, and removed by the next change', () => {
    const { handlers } = made({}, 'POST', 'file', { expires: '10m' });

    expect(configurationOf(settled(handlers, LATER), 'file')).toBeUndefined();
    expect(made(handlers, 'POST', 'smtp', {}, LATER).handlers).not.toHaveProperty('file');
    expect(refusal(() => made(handlers, 'PATCH', 'file', {}, LATER)).status).toBe(404);
  });

  test('takes standard output back to our own lines', () => {
    const { handlers } = made({}, 'PUT', 'stream', { level: 'DEBUG', expires: '10m' });
    expect(settled(handlers, LATER)).toEqual({});
  });
});

const TYPE = (key: string, type: string, not: string): string =>
  `${key} in configuration must be of type [<class '${type}'>] not <class '${not}'>`;

test.each<[handler: unknown, configuration: unknown, text: string]>([
  ['console', {}, "Unsupported handler: console. Supported handlers: ['stream', 'file', 'smtp', 'syslog']"],
  [null, {}, "Unsupported handler: None. Supported handlers: ['stream', 'file', 'smtp', 'syslog']"],
  ['file', [], "Configuration must be of type dict not <class 'list'>"],
  ['file', null, "Configuration must be of type dict not <class 'NoneType'>"],
  ['file', 'x', "Configuration must be of type dict not <class 'str'>"],
  ['file', 3, "Configuration must be of type dict not <class 'int'>"],
  ['file', { formatter: 'xml' }, "Unsupported formatter: xml. Supported formatters: ['simple', 'json']"],
  ['file', { formatter: null }, "Unsupported formatter: None. Supported formatters: ['simple', 'json']"],
  ['file', { level: 3 }, `Unsupported level: 3. Supported levels: ${LEVELS}`],
  ['file', { level: 'debug' }, `Unsupported level: debug. Supported levels: ${LEVELS}`],
  ['file', { level: null }, `Unsupported level: None. Supported levels: ${LEVELS}`],
  ['file', { level: true }, `Unsupported level: True. Supported levels: ${LEVELS}`],
  ['file', { level: ['a', { b: 1.5 }] }, `Unsupported level: ['a', {'b': 1.5}]. Supported levels: ${LEVELS}`],
  ['file', { filename: 3 }, TYPE('filename', 'str', 'int')],
  ['file', { filename: null }, TYPE('filename', 'str', 'NoneType')],
  ['file', { backupCount: '7' }, TYPE('backupCount', 'int', 'str')],
  ['file', { backupCount: 1.5 }, TYPE('backupCount', 'int', 'float')],
  [
    'file',
    { when: 'y' },
    "Unsupported when: y. Supported whens: ['s', 'm', 'h', 'd', 'w0', 'w1', 'w2', 'w3', 'w4', 'w5', 'w6', 'midnight']",
  ],
  ['smtp', { mailhost: 1 }, TYPE('mailhost', 'str', 'int')],
  ['smtp', { fromaddr: {} }, TYPE('fromaddr', 'str', 'dict')],
  ['smtp', { subject: [] }, TYPE('subject', 'str', 'list')],
  ['smtp', { toaddrs: 'a@b' }, TYPE('toaddrs', 'list', 'str')],
  ['smtp', { subject: 'a\nBcc: b@c' }, 'subject in configuration must be one line'],
  ['smtp', { toaddrs: ['a@b\r\nx'] }, 'toaddrs in configuration must be a list of mail addresses'],
  ['smtp', { subject: 'x'.repeat(501) }, 'subject in configuration must have at most 500 characters'],
  ['smtp', { mailhost: 'x'.repeat(501) }, 'mailhost in configuration must have at most 500 characters'],
  ['smtp', { fromaddr: 'x'.repeat(501) }, 'fromaddr in configuration must have at most 500 characters'],
  ['smtp', { toaddrs: Array(51).fill('a@b') }, 'toaddrs in configuration must have at most 50 entries'],
  ['smtp', { functions: Array(51).fill('jobs') }, 'functions in configuration must have at most 50 entries'],
  ['smtp', { mailhost: 'mail.example.org:65536' }, 'mailhost mail.example.org:65536 names a port that does not exist'],
  ['syslog', { address: 'x' }, TYPE('address', 'list', 'str')],
  ['syslog', { address: ['x'] }, 'address in configuration must be a list of host and port'],
  [
    'syslog',
    { socktype: 'TCP' },
    "Unsupported socktype: TCP. Supported socktypes: ['ext://socket.SOCK_STREAM', 'ext://socket.SOCK_DGRAM']",
  ],
  ['file', { filename: '/etc/passwd' }, 'filename /etc/passwd is not allowed: logs.files of config.json allows /tmp/*'],
  ['file', { filename: '/tmp/../etc/passwd' }, 'filename in configuration must be an absolute path without ".."'],
  ['file', { filename: 'relative.log' }, 'filename in configuration must be an absolute path without ".."'],
  [
    'syslog',
    { address: ['10.0.0.1', 514] },
    'address 10.0.0.1:514 is not allowed: logs.receivers of config.json allows 127.0.0.1:*, mail.example.org:587',
  ],
  [
    'smtp',
    { mailhost: 'mail.example.org' },
    'mailhost mail.example.org:25 is not allowed: logs.receivers of config.json allows 127.0.0.1:*, mail.example.org:587',
  ],
  [
    'file',
    { maxBytes: 3 },
    'Unknown key in configuration: maxBytes. Keys of file: formatter, level, filename, when, backupCount, expires, functions',
  ],
  [
    'file',
    { expires: 'soon' },
    'expires in configuration must be a time like 2026-11-29T12:00:00Z or a duration like 10m',
  ],
  ['file', { expires: '2026-11-29T11:59:59Z' }, 'expires in configuration must be in the future'],
  ['file', { expires: '0m' }, 'expires in configuration must be in the future'],
  ['file', { expires: '500d' }, 'expires in configuration must be within a year'],
  ['file', { functions: 'jobs' }, 'functions in configuration must be a list of names of functions'],
])('%j with %j is refused: %s', (handler, configuration, text) => {
  const refused = refusal(() => change({}, parseWish('POST', { handler, configuration }), { reach: REACH, now: NOW }));
  expect(refused).toEqual({ status: 400, body: [text] });
});

test.each<[body: unknown, status: number, answer: unknown]>([
  [{}, 400, ['Missing key in input data: handler']],
  [[], 400, { non_field_errors: ['Invalid data. Expected a dictionary, but got list.'] }],
  ['x', 400, { non_field_errors: ['Invalid data. Expected a dictionary, but got str.'] }],
])('the body %j is refused', (body, status, answer) => {
  expect(refusal(() => parseWish('POST', body))).toEqual({ status, body: answer });
});

test('a body that names another handler than the path is refused', () => {
  expect(refusal(() => parseWish('PATCH', { handler: 'file' }, 'stream'))).toEqual({
    status: 400,
    body: ['The handler of the path is stream, the handler of the body is file'],
  });
});

test('what is allowed is stored as it was sent: levels of all kinds, `when` in any case', () => {
  const wanted = { level: '30', when: 'W6', filename: '/tmp/<function>-<instance>.log', functions: ['jobs'] };
  expect(made({}, 'POST', 'file', wanted).after).toEqual({ ...DEFAULTS.file, ...wanted });
});
