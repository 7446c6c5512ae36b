import { parseOptions } from '../../../dev/platform/options';

test('nothing has to be given', () => {
  expect(parseOptions([])).toEqual({
    demo: false,
    verbose: false,
    keep: false,
    help: false,
    context: undefined,
    port: 8080,
    idleSeconds: 60,
    timeLimitSeconds: 120,
  });
});

test('options are read', () => {
  const args = ['--demo', '--port', '0', '--idle', '5', '--context', 'kind', '--time-limit', '30'];
  expect(parseOptions(args)).toMatchObject({
    demo: true,
    port: 0,
    idleSeconds: 5,
    context: 'kind',
    timeLimitSeconds: 30,
  });
});

test.each([
  [['--port', 'http'], '--port takes a whole number from 0 to 65535, not http'],
  [['--port', '65536'], '--port takes a whole number from 0 to 65535, not 65536'],
  [['--idle', '0'], '--idle takes a whole number from 1 to 86400, not 0'],
  [['--prot', '1'], "Unknown option '--prot'"],
])('%j is refused', (args, message) => {
  expect(() => parseOptions(args)).toThrow(message);
});
