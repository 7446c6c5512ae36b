import { mkdir, mkdtemp, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createCredentialDirectory } from '../../../lib/credentials/directory';

let directory: string;
let now: number;
const log = { error: jest.fn() };
const create = (at = directory) => createCredentialDirectory({ directory: at, log, clock: () => new Date(now) });
const write = (name: string, value: unknown) =>
  writeFile(join(directory, name), typeof value === 'string' ? value : JSON.stringify(value));

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'credentials-'));
  now = 0;
  log.error.mockReset();
});
afterEach(() => rm(directory, { recursive: true }));

test('reads one credential per file, with defaults', async () => {
  await write('hub', { groups: ['access_to_webservice'] });
  expect([...(await create()())]).toEqual([['hub', { tokens: [], groups: ['access_to_webservice'], active: true }]]);
});

test('a folder that does not exist holds nobody', async () => {
  expect((await create(join(directory, 'missing'))()).size).toBe(0);
});

test('looks once a second at most, and keeps the same map while nothing changed', async () => {
  const read = create();
  const first = await read();
  now = 999;
  await write('hub', {});
  expect(await read()).toBe(first);
  now = 1_000;
  const second = await read();
  expect([...second.keys()]).toEqual(['hub']);
  now = 2_000;
  expect(await read()).toBe(second);
});

test('follows the link that the kubelet swaps', async () => {
  const swap = async (version: string, value: unknown) => {
    await mkdir(join(directory, version));
    await write(join(version, 'hub'), value);
    await symlink(version, join(directory, '..data_tmp'));
    await rename(join(directory, '..data_tmp'), join(directory, '..data'));
  };
  await swap('..1', { active: true });
  await symlink(join('..data', 'hub'), join(directory, 'hub'));
  const read = create();
  expect((await read()).get('hub')).toMatchObject({ active: true });
  await swap('..2', { active: false });
  now = 1_000;
  expect([...(await read())]).toMatchObject([['hub', { active: false }]]);
});

test('a broken file is reported once, by name only, and refuses only its own credential', async () => {
  await write('broken', '{"password":"plain text"}');
  await mkdir(join(directory, 'folder'));
  await write('hub', {});
  const read = create();
  const credentials = await read();
  expect(credentials.get('broken')).toEqual({ tokens: [], groups: [], active: false });
  expect(credentials.get('hub')?.active).toBe(true);
  await write('other', {});
  now = 1_000;
  await read();
  expect(log.error.mock.calls).toEqual([
    ['credential cannot be read', { credential: 'broken' }],
    ['credential cannot be read', { credential: 'folder' }],
  ]);
});

test('a file of a description beside them is no credential, and nobody is told', async () => {
  await write('hub__lab__service.yaml', 'kind: Deployment');
  await write('a__b', { groups: ['access_to_webservice'] });
  expect([...(await create()()).keys()]).toEqual(['a__b']);
  expect(log.error).not.toHaveBeenCalled();
});
