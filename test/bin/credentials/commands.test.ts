import { PassThrough } from 'node:stream';
import type { Terminal } from '../../../bin/command';
import { addCredential } from '../../../bin/credentials/add';
import { listCredentials } from '../../../bin/credentials/list';
import { removeCredential } from '../../../bin/credentials/remove';
import { dispatch } from '../../../bin/dispatch';
import { createCluster, type Cluster } from '../../../dev/cluster/cluster';
import { createCredentialSecret } from '../../../lib/credentials/secret';
import { matchesPassword, parsePasswordHash } from '../../../lib/credentials/passwordHash';
import { createKube, type Kube } from '../../../lib/kube/kube';

const call = { signal: AbortSignal.timeout(30_000) };
const ref = { apiVersion: 'v1', kind: 'Secret', namespace: 'default', name: 'hub-functions-credentials' };
let cluster: Cluster;
let kube: Kube;
let output: string;
let input: string;

const terminal: Terminal = {
  write: (text) => void (output += text),
  writeError: (text) => void (output += text),
  readInput: () => Promise.resolve(input),
  connect: () => Promise.resolve({ transport: cluster.transport, namespace: 'default' }),
  clock: () => new Date('2026-11-21T00:00:00Z'),
  output: new PassThrough(),
  environment: {},
};
const hubfn = async (...args: string[]) => {
  output = '';
  const commands = [addCredential, listCredentials, removeCredential];
  return { code: await dispatch(['credentials', ...args], { commands, terminal }), output };
};
const stored = async (name: string) => (await createCredentialSecret(kube, 'default').list(call)).get(name);
const opens = async (password: string, name = 'hub') => {
  const hash = parsePasswordHash((await stored(name))?.password ?? '');
  return hash !== undefined && matchesPassword(password, hash);
};

beforeEach(() => {
  cluster = createCluster({ kubelet: 'none' });
  kube = createKube(cluster.transport);
  input = '';
});
afterEach(() => cluster.stop());

test('add makes the Secret and a password, shows it once with its header, and keeps only the hash', async () => {
  const { code, output: text } = await hubfn('add', 'hub');
  const password = /password \(shown only now\): (\S+)/.exec(text)?.[1] ?? '';
  expect(code).toBe(0);
  expect(text).toContain(`Authorization: Basic ${Buffer.from(`hub:${password}`).toString('base64')}\n`);
  expect(await opens(password)).toBe(true);
  expect(await stored('hub')).toMatchObject({ groups: ['access_to_webservice'], active: true, tokens: [] });
});

test('a password from the standard input is not shown, and replaces the old one', async () => {
  input = 'first\n';
  expect((await hubfn('add', 'hub', '--password-stdin')).output).not.toContain('first');
  input = 'second\n';
  await hubfn('add', 'hub', '--password-stdin');
  expect([await opens('first'), await opens('second')]).toEqual([false, true]);
});

test('tokens are added one by one, told as JSON on request', async () => {
  const first = JSON.parse((await hubfn('add', 'hub', '--token', '--label', 'ci', '-o', 'json')).output) as object;
  expect(first).toEqual({ name: 'hub', namespace: 'default', token: expect.stringMatching(/^[\w-]{43}$/) });
  await hubfn('add', 'hub', '--token');
  expect((await stored('hub'))?.tokens.map(({ label }) => label)).toEqual(['ci', undefined]);
  expect((await stored('hub'))?.password).toBeUndefined();
});

test('a change touches one key only', async () => {
  await hubfn('add', 'hub');
  await kube.mergePatch(ref, { data: { other: 'aGVsbG8=' } }, call);
  await hubfn('add', 'hub', '--group', 'access_to_logging');
  await hubfn('remove', 'hub');
  expect(await kube.get(ref, call)).toMatchObject({ data: { other: 'aGVsbG8=' } });
});

test('two changes at once are both kept', async () => {
  await hubfn('add', 'hub');
  await Promise.all([hubfn('add', 'hub', '--token'), hubfn('add', 'hub', '--token'), hubfn('add', 'b', '--token')]);
  expect((await stored('hub'))?.tokens).toHaveLength(2);
  expect((await stored('b'))?.tokens).toHaveLength(1);
});

test('list shows who may log in how, and never a hash', async () => {
  await hubfn('add', 'hub', '--token', '--label', 'ci', '--group', 'access_to_logging');
  await hubfn('add', 'root', '--superuser');
  await kube.mergePatch(ref, { data: { torn: 'aGVsbG8=' } }, call);
  expect((await hubfn('list')).output).toBe(
    'NAME  STATE   PASSWORD  TOKENS  GROUPS\n' +
      'hub   active  no        1 (ci)  access_to_logging\n' +
      'root  active  yes       0       all\n' +
      'torn  broken  no        0       -\n',
  );
  expect(JSON.parse((await hubfn('list', '--output', 'json')).output)).toMatchObject([
    { name: 'hub', tokens: [{ label: 'ci' }] },
    { name: 'root', password: true, superuser: true },
    { name: 'torn', state: 'broken' },
  ]);
});

test('remove ends a credential; a second time there is none', async () => {
  await hubfn('add', 'hub');
  expect(await hubfn('remove', 'hub')).toEqual({ code: 0, output: 'credential hub removed\n' });
  expect(await hubfn('remove', 'hub')).toEqual({
    code: 1,
    output: 'hubfn: no credential hub in namespace default: see hubfn credentials list\n',
  });
});

test.each([
  [['add'], 'the NAME of the credential is missing'],
  [['add', 'a', 'b'], 'one NAME at a time, not also b'],
  [['add', '..'], '..: a name is 1 to 63 of'],
  [['add', 'a', '--password-stdin'], 'the password is empty'],
  [['add', 'a', '--password-stdin', '--password-file', 'f'], 'give --password-stdin or --password-file'],
  [['list', '-o', 'yaml'], '--output is text or json, not yaml'],
  [['add', 'a', '--tokens'], "Unknown option '--tokens'"],
])('%j is a usage error', async (args, message) => {
  const { code, output: text } = await hubfn(...args);
  expect(code).toBe(2);
  expect(text).toContain(`hubfn: ${message}`);
});

test('adding nothing to an existing credential says what could be added', async () => {
  await hubfn('add', 'hub');
  expect(await hubfn('add', 'hub')).toMatchObject({ code: 2, output: expect.stringContaining('it exists already') });
});
