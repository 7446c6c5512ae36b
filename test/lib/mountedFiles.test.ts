import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { listMounted, readMounted } from '../../lib/mountedFiles';

let root: string;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'mounted-'));
});
afterEach(() => rm(root, { recursive: true }));

async function write(...paths: readonly string[]): Promise<void> {
  for (const path of paths) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), `text of ${path}`);
  }
}

async function listed(names: readonly string[], isWanted = (name: string) => !name.endsWith('~')) {
  const files = await listMounted(root, names, isWanted);
  const texts = [...files].map(async ([name, source]) => [name, await readFile(source, 'utf8')] as const);
  return Object.fromEntries(await Promise.all(texts));
}

describe('in folders', () => {
  beforeEach(() =>
    write('hub/lab/service.yaml', 'hub/lab/input/a.js', 'hub/lab/input/deep/b.js', 'hub/lab/input/a.js~'),
  );

  test('a file is read, and one that is not there is undefined', async () => {
    expect(await readMounted(root, ['hub', 'lab', 'service.yaml'])).toBe('text of hub/lab/service.yaml');
    expect(await readMounted(root, ['hub', 'lab', 'update.yaml'])).toBeUndefined();
    expect(await readMounted(root, ['hub', 'lab', 'service.yaml', 'x'])).toBeUndefined();
  });

  test('files are listed with their path in there, without what nobody wants', async () => {
    expect(await listed(['hub', 'lab', 'input'])).toEqual({
      'a.js': 'text of hub/lab/input/a.js',
      'deep/b.js': 'text of hub/lab/input/deep/b.js',
    });
  });

  test('they go before what is side by side', async () => {
    await write('hub__lab__service.yaml', 'hub__lab__input__c.js');
    expect(await readMounted(root, ['hub', 'lab', 'service.yaml'])).toBe('text of hub/lab/service.yaml');
    expect(Object.keys(await listed(['hub', 'lab', 'input']))).toEqual(['a.js', 'deep/b.js']);
  });
});

describe('side by side, as keys of Secrets', () => {
  beforeEach(async () => {
    await write(
      '..1/hub__lab__service.yaml',
      '..1/hub__lab__input__a.js',
      '..1/hub__lab__input__deep__b.js',
      '..1/token',
    );
    await symlink('..1', join(root, '..data'));
    for (const key of ['hub__lab__service.yaml', 'hub__lab__input__a.js', 'hub__lab__input__deep__b.js', 'token']) {
      await symlink(join('..data', key), join(root, key));
    }
  });

  test('a file is read', async () => {
    expect(await readMounted(root, ['hub', 'lab', 'service.yaml'])).toBe('text of ..1/hub__lab__service.yaml');
    expect(await readMounted(root, ['hub', 'lab', 'update.yaml'])).toBeUndefined();
  });

  test('files are listed with their path, without what nobody wants at any level', async () => {
    expect(await listed(['hub', 'lab', 'input'])).toEqual({
      'a.js': 'text of ..1/hub__lab__input__a.js',
      'deep/b.js': 'text of ..1/hub__lab__input__deep__b.js',
    });
    expect(Object.keys(await listed(['hub', 'lab', 'input'], (name) => name !== 'deep'))).toEqual(['a.js']);
    expect(await listed(['hub', 'web', 'input'])).toEqual({});
  });

  test.each([[['hub__lab', 'service.yaml']], [['hub', 'lab__input', 'a.js']], [['hub', 'lab__input']]])(
    'a name that spells several folders reaches none: %j',
    async (names) => {
      expect(await readMounted(root, names)).toBeUndefined();
      expect(await listed(names)).toEqual({});
    },
  );
});

test('a folder that is not there holds nothing', async () => {
  expect(await listMounted(join(root, 'missing'), ['a'], () => true)).toEqual(new Map());
  expect(await readMounted(join(root, 'missing'), ['a'])).toBeUndefined();
});
