import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { mountCredentials } from '../../../dev/platform/credentialMount';
import { parseCredential, type Credential } from '../../../lib/credentials/credential';

const credential = (group: string): Credential => ({ tokens: [], groups: [group], active: true });

test('the folder follows the Secret: added, changed, removed, broken; local ones stay', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'mount-'));
  const ending = new AbortController();
  let secret = new Map<string, Credential | undefined>([
    ['hub', credential('a')],
    ['gone', credential('a')],
  ]);
  const read = async () => {
    const names = (await readdir(directory)).filter((name) => !name.startsWith('..')).sort();
    const texts = await Promise.all(names.map((name) => readFile(join(directory, name), 'utf8')));
    return Object.fromEntries(names.map((name, index) => [name, parseCredential(texts[index] ?? '')]));
  };
  await mountCredentials({
    secret: { list: () => Promise.resolve(secret), change: jest.fn(), remove: jest.fn() },
    directory,
    local: { local: credential('l') },
    everyMs: 1,
    signal: ending.signal,
  });
  expect(await read()).toEqual({ hub: credential('a'), gone: credential('a'), local: credential('l') });

  secret = new Map([
    ['hub', credential('b')],
    ['broken', undefined],
  ]);
  const wanted = { hub: credential('b'), broken: undefined, local: credential('l') };
  // The last one that is written.
  while (!('broken' in (await read()))) await new Promise((resolve) => setTimeout(resolve, 2));
  ending.abort();
  expect(await read()).toEqual(wanted);
  await rm(directory, { recursive: true });
});
