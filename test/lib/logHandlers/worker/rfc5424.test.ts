// Messages as RFC 5424 and their framing as RFC 6587 want them.
import { batchOf } from '../../../support/logBatch';
import { headerOf, syslogFrames, syslogMessages } from '../../../../lib/logHandlers/worker/rfc5424';

const WRITER = { function: 'jobs', instance: 'pod 1\n', pid: 12, smtpDirectory: '' };
const time = Date.parse('2026-11-29T02:05:08.007Z');

test.each([
  [50, 10],
  [40, 11],
  [30, 12],
  [20, 14],
  [10, 15],
  [5, 15],
])('level %i has priority %i', (levelno, priority) => {
  const [, message] = syslogMessages(headerOf(WRITER), batchOf(1, { text: 'other' }, { levelno, time, text: 'é\nx' }));
  expect(Buffer.from(message!).toString()).toBe(
    `<${priority}>1 2026-11-29T02:05:08.007Z pod1 hub-functions-jobs 12 - - é\nx`,
  );
});

test('a frame begins with the number of the bytes of its message', () => {
  const batch = batchOf(1, { text: 'é', time }, { text: 'abc', time });
  const [first, second] = syslogMessages(headerOf(WRITER), batch).map((message) => Buffer.from(message).toString());

  const frames = Buffer.from(syslogFrames(headerOf(WRITER), batch)).toString();

  expect(frames).toBe(`${Buffer.byteLength(first!)} ${first}${second!.length} ${second}`);
  expect(second).toMatch(/ - - abc$/);
});

test('a machine without a printable name has none', () => {
  expect(headerOf({ ...WRITER, instance: 'ä' }).hostname).toBe('-');
});
