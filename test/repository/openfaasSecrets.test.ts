// deploy/openfaas/secrets.mjs: what it makes of the samples, and what it refuses.
import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { readStack } from '../support/openfaas/stack';

const run = promisify(execFile);

interface Secret {
  readonly metadata: { readonly name: string; readonly namespace: string };
  readonly data?: Readonly<Record<string, string>>;
}

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'openfaas-secrets-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

async function secrets(...args: readonly string[]): Promise<readonly Secret[]> {
  const { stdout } = await run(process.execPath, [resolve('deploy/openfaas/secrets.mjs'), ...args]);
  return (JSON.parse(stdout) as { items: readonly Secret[] }).items;
}

function write(path: string, content: string | Buffer): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), content);
}

const named = (list: readonly Secret[], name: string): Secret | undefined =>
  list.find(({ metadata }) => metadata.name === `hub-functions-${name}`);

test('they are all that stack.yml names', async () => {
  const wanted = Object.values(readStack().functions).flatMap(({ secrets: each = [] }) => each);
  expect((await secrets()).map(({ metadata }) => metadata.name).toSorted()).toEqual([...new Set(wanted)].toSorted());
});

test('every sample is in them, as it is', async () => {
  const list = await secrets();
  const { data = {} } = named(list, 'descriptions') ?? {};
  const files = readdirSync('descriptions', { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const paths = files.map((entry) => join(entry.parentPath, entry.name).replace('descriptions/', ''));
  const described = paths.filter((path) => path.includes('/'));
  expect(Object.keys(data)).toEqual(described.map((path) => path.replaceAll('/', '__')).toSorted());
  for (const path of described) {
    const content = Buffer.from(data[path.replaceAll('/', '__')] ?? '', 'base64');
    expect(content).toEqual(readFileSync(join('descriptions', path)));
  }
  expect(Object.keys(named(list, 'config')?.data ?? {})).toEqual(['config.json']);
});

test('those for logins and keys come without content, so that applying them removes nothing', async () => {
  const list = await secrets('--namespace', 'elsewhere');
  for (const name of ['credentials', 'intake', 'ssh']) expect(named(list, name)).not.toHaveProperty('data');
  expect(new Set(list.map(({ metadata }) => metadata.namespace))).toEqual(new Set(['elsewhere']));
});

test.each<[string, string, string | Buffer, string]>([
  ['a name with two underscores', 'hub/a__b/service.yaml', '', 'hub/a__b/service.yaml: two underscores'],
  ['a name that no key can have', 'hub/a b/service.yaml', '', 'hub/a b/service.yaml: a name takes letters'],
  ['more than a Secret holds', 'hub/a/input/x', Buffer.alloc(1024 * 1024 + 1), 'would hold 1048577 bytes'],
])('%s is refused', async (_what, path, content, message) => {
  write(path, content);
  await expect(secrets('--descriptions', folder)).rejects.toThrow(message);
});

test('a config.json that is none is refused', async () => {
  write('config.json', '{"reaper": }');
  await expect(secrets('--config', join(folder, 'config.json'))).rejects.toThrow('config.json is not valid JSON');
});

test('files and options that are not there are named', async () => {
  await expect(secrets('--config', join(folder, 'none.json'))).rejects.toThrow('none.json');
  await expect(secrets('--descriptions', join(folder, 'none'))).rejects.toThrow('none');
  await expect(secrets('--namespaces', 'x')).rejects.toThrow("Unknown option '--namespaces'");
});
