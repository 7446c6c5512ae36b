import { setTimeout as sleep } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { within } from '../../lib/timeLimit';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

test('the time comes, whatever the garbage collector takes', async () => {
  let isOver = false;
  within(50, new AbortController().signal).addEventListener('abort', () => (isOver = true));
  await sleep(1);
  collectGarbage();
  await sleep(80);
  expect(isOver).toBe(true);
});

test('it ends with the other signal, with its reason, also when that has ended before', () => {
  const other = new AbortController();
  const signal = within(10_000, other.signal);
  other.abort('why');
  expect([signal.reason, within(10_000, other.signal).reason]).toEqual(['why', 'why']);
});
