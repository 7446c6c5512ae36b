import { createProgress } from '../../dev/progress';

test('without a terminal each step is one plain line, with its outcome', async () => {
  let output = '';
  const progress = createProgress({ write: (text) => void (output += text), isTerminal: false });
  await expect(progress('start', () => Promise.resolve(1))).resolves.toBe(1);
  await expect(progress('poll', () => Promise.reject(new Error('gone')))).rejects.toThrow('gone');
  expect(output).toMatch(/^✓ start \(\d\.\d s\)\n✗ poll \(\d\.\d s\)\n$/);
});

test('on a terminal a wheel turns until the step is over', async () => {
  let output = '';
  const progress = createProgress({ write: (text) => void (output += text), isTerminal: true });
  await progress('start', async () => {
    while (!output.includes('⠙ start')) await new Promise((resolve) => setTimeout(resolve, 10));
  });
  const [turning, ended] = output.split('\r\u001B[K');
  expect(turning).toMatch(/^\r⠋ start\r⠙ start/);
  expect(ended).toMatch(/^✓ start \(\d\.\d s\)\n$/);
});
