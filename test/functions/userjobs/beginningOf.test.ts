import { Readable } from 'node:stream';
import { beginningOf } from '../../../functions/userjobs/ssh/beginningOf';

const CHUNK = Buffer.from('0123456789');

test.each([
  ['more than is kept', 25, '0123456789012345678901234'],
  ['as much as is kept', 30, CHUNK.toString().repeat(3)],
  ['less', 100, CHUNK.toString().repeat(3)],
])('of a stream that says %s', async (_what, bytes, expected) => {
  const stream = Readable.from([CHUNK, CHUNK, CHUNK]);

  expect(await beginningOf(stream, bytes)).toBe(expected);
  expect(stream.readableEnded).toBe(true);
});
