// The words of each call of ssh, and what is made of its complaints.
import {
  commandArguments,
  forwardArguments,
  masterArguments,
  sharedArguments,
} from '../../../functions/userjobs/ssh/arguments';
import { failureOf, LOST } from '../../../functions/userjobs/ssh/failure';

const place = {
  login: { address: 'login.example.org', port: 2222, user: 'tunnel', key: 'id_ed25519' },
  folder: '/ssh',
};
const forwards = [
  { listen: 20000, node: 'node1', port: 8888 },
  { listen: 20001, node: '::1', port: 22 },
];
const join = (words: readonly string[]): string => words.join(' ');

test('every call reads no configuration, asks nothing, and checks the host', () => {
  const calls = [
    masterArguments(place, '/tmp/s', forwards),
    sharedArguments(place, '/tmp/s', ['squeue']),
    forwardArguments(place, '/tmp/s', { operation: 'forward', forwards }),
    commandArguments(place, ['sbatch']),
  ].map(join);
  for (const call of calls) {
    expect(call).toMatch(/^-F none /);
    for (const option of ['BatchMode', 'StrictHostKeyChecking', 'IdentitiesOnly', 'ExitOnForwardFailure']) {
      expect(call).toContain(` -o ${option}=yes`);
    }
    expect(call).toContain('-o UserKnownHostsFile="/ssh/known_hosts"');
    expect(call).toContain('-i /ssh/id_ed25519 -p 2222 -l tunnel');
    expect(call).not.toMatch(/StrictHostKeyChecking=(no|accept)/);
  }
});

test('the host stands behind --, so that it can be no option', () => {
  expect(masterArguments(place, '/tmp/s', forwards).slice(-2)).toEqual(['--', 'login.example.org']);
  expect(commandArguments(place, ['sbatch', '--parsable']).slice(-4)).toEqual([
    '--',
    'login.example.org',
    'sbatch',
    '--parsable',
  ]);
});

test('forwards listen on all addresses, and lead to nodes and addresses', () => {
  const words = join(masterArguments(place, '/tmp/s', forwards));
  expect(words).toContain('-M -S /tmp/s -N -L 0.0.0.0:20000:node1:8888 -L 0.0.0.0:20001:[::1]:22');
  expect(join(forwardArguments(place, '/tmp/s', { operation: 'cancel', forwards }))).toContain(
    '-S /tmp/s -o ControlMaster=no -O cancel -L 0.0.0.0:20000:node1:8888',
  );
});

test.each([
  'a b',
  'a;id',
  '$(id)',
  '`id`',
  '$HOME',
  'a|b',
  'a&b',
  'a>b',
  "'",
  '"',
  '\\',
  '~',
  '*',
  'a\nb',
  '',
  '(x)',
  '!',
])('a word that a shell reads otherwise never leaves: %j', (word) => {
  expect(() => commandArguments(place, ['squeue', word])).toThrow('not a plain word');
  expect(() => sharedArguments(place, '/tmp/s', [word])).toThrow('not a plain word');
});

test.each([
  ['Host key verification failed.\n', 'HostKeyRefused'],
  ['@@@@\n@ WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED! @\nHost key verification failed.', 'HostKeyRefused'],
  ['No ED25519 host key is known for [10.0.0.1]:22 and you have requested strict checking.', 'HostKeyRefused'],
  ['tunnel@login: Permission denied (publickey).', 'LoginRefused'],
  ['Warning: Identity file /ssh/id not accessible: No such file or directory.\nx: Permission denied', 'KeyMissing'],
  ['Load key "/ssh/id": bad permissions\nx: Permission denied (publickey).', 'KeyMissing'],
  ['Connection to login closed by remote host.', 'ConnectionLost'],
  ['client_loop: send disconnect: Broken pipe', 'ConnectionLost'],
  ['ssh: connect to host login port 22: Connection refused', 'Unreachable'],
  ['ssh: Could not resolve hostname login: Name or service not known', 'Unreachable'],
  ['Connection closed by 10.0.0.1 port 22', 'Unreachable'],
  ['bind [0.0.0.0]:20000: Address already in use', 'PortTaken'],
  ['Timeout, server login.example.org not responding.', 'ConnectionLost'],
  ['Connection timed out during banner exchange', 'Unreachable'],
  ['ssh: connect to host 10.0.0.1 port 22: No route to host', 'Unreachable'],
  ['-bash: /etc/profile.d/x.sh: Permission denied', 'ConnectionLost'],
  ['sbatch: error: Unable to contact slurm controller: Connection refused', 'ConnectionLost'],
  ['sbatch: error: Socket timed out on send/recv operation', 'ConnectionLost'],
  ['', 'ConnectionLost'],
])('%j is told as %s', (said, reason) => expect(failureOf(said, LOST).reason).toBe(reason));

test('what ssh said last is told, but never much of it', () => {
  const { message } = failureOf(`first\nssh: connect to host x: Connection refused ${'y'.repeat(5000)}\n\n`, LOST);
  expect(message).toMatch(/^The host cannot be reached\. \(ssh: connect to host x/);
  expect(message.length).toBeLessThan(400);
});
