import { PassThrough } from 'node:stream';
import { usageError, type Command, type Terminal } from '../../bin/command';
import { dispatch } from '../../bin/dispatch';
import { unreachableError } from '../../lib/kube/errors';

const output = { written: '', errors: '' };
const terminal: Terminal = {
  write: (text) => (output.written += text),
  writeError: (text) => (output.errors += text),
  readInput: () => Promise.resolve(''),
  connect: () => Promise.reject(new Error('not here')),
  clock: () => new Date(0),
  output: new PassThrough(),
  environment: {},
};
const run = jest.fn<ReturnType<Command['run']>, Parameters<Command['run']>>();
const commands: Command[] = [
  { name: 'things add', summary: 'add a thing', usage: 'NAME [options]', run },
  { name: 'lint', summary: 'look for mistakes', usage: '[DIR]', run },
];
const dispatched = (...args: string[]) => dispatch(args, { commands, terminal });

beforeEach(() => {
  Object.assign(output, { written: '', errors: '' });
  run.mockReset();
});

test('runs the command that the words choose, with what follows them', async () => {
  expect(await dispatched('things', 'add', 'a', '--b')).toBe(0);
  expect(run.mock.calls).toEqual([[['a', '--b'], terminal]]);
});

test.each([[[]], [['--help']], [['-h']]])('%j shows all commands', async (args) => {
  expect(await dispatched(...args)).toBe(0);
  expect(output.written).toContain('hubfn things add  add a thing\n  hubfn lint        look for mistakes\n');
});

test('the first word of a group shows that group', async () => {
  expect(await dispatched('things')).toBe(0);
  expect(output.written).toContain('add a thing');
  expect(output.written).not.toContain('look for mistakes');
});

test('a command explains itself instead of running', async () => {
  expect(await dispatched('lint', '--help')).toBe(0);
  expect(output.written).toBe('hubfn lint: look for mistakes\n\nusage: hubfn lint [DIR]\n');
  expect(run).not.toHaveBeenCalled();
});

test('an unknown command is a usage error', async () => {
  expect(await dispatched('thing')).toBe(2);
  expect(output.errors).toBe('hubfn: there is no command thing: see hubfn --help\n');
});

test('wrong arguments exit with 2 and point to the help of the command', async () => {
  run.mockRejectedValue(usageError('the NAME is missing'));
  expect(await dispatched('things', 'add')).toBe(2);
  expect(output.errors).toBe('hubfn: the NAME is missing\nsee hubfn things add --help\n');
});

test('a failure exits with 1 and says why, for an unreachable cluster also what to look at', async () => {
  run.mockRejectedValue(unreachableError({ verb: 'GET', path: '/' }, new Error('connect ECONNREFUSED')));
  expect(await dispatched('lint')).toBe(1);
  expect(output.errors).toBe(
    'hubfn: The cluster could not be reached. Is it running, and is it the right one? (--context, --kubeconfig)\n' +
      '  connect ECONNREFUSED\n',
  );
});

test('a command may give its own exit code', async () => {
  run.mockResolvedValue(42);
  expect(await dispatched('lint')).toBe(42);
});

test('help after -- is asked of somebody else', async () => {
  expect(await dispatched('lint', '--', 'grep', '--help')).toBe(0);
  expect(run).toHaveBeenCalledWith(['--', 'grep', '--help'], terminal);
});

test('help that is asked of a command which is passed on is none of ours', async () => {
  const passing: Command = { name: 'pass', summary: '', usage: '', ownArguments: (args) => args.slice(0, 1), run };
  const pass = async (...args: string[]) => dispatch(['pass', ...args], { commands: [passing], terminal });

  expect(await pass('df', '-h')).toBe(0);
  expect(run).toHaveBeenCalledWith(['df', '-h'], terminal);
  run.mockReset();
  expect(await pass('--help', 'df')).toBe(0);
  expect(run).not.toHaveBeenCalled();
});
