// What a drill compares: each way in which a folder can differ from the archive is seen.
import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  chmodSync,
  createReadStream,
  lutimesSync,
  mkdirSync,
  mkdtempSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
  chownSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { compareArchive, type Compared } from '../../mover/target/compare';

let root: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'hub-functions-compare-'));
  mkdirSync(join(root, 'source/folder'), { recursive: true });
  writeFileSync(join(root, 'source/folder/file'), 'content');
  writeFileSync(join(root, 'source/other'), 'other');
  symlinkSync('folder/file', join(root, 'source/link'));
  execFileSync('tar', ['-cf', join(root, 'archive.tar'), '-C', root, 'source']);
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

async function compare(share = 1): Promise<Compared> {
  const options = {
    target: join(root, 'source'),
    prefix: '/source',
    specials: new Map(),
    share,
    tell: () => undefined,
  };
  return compareArchive(createReadStream(join(root, 'archive.tar')), options);
}

/** Keeps the time, as damage does. */
function silently(path: string, change: (path: string) => void): void {
  const archived = Number(execFileSync('stat', ['-c', '%.3Y', path], { encoding: 'utf8' }));
  change(path);
  utimesSync(path, archived, archived);
}

it('the same is the same', async () => {
  expect(await compare()).toMatchObject({ entries: 5, files: 3, digests: 2, different: 0 });
});

test.each<[string, (at: (path: string) => string) => void, string]>([
  [
    'another content of the same length',
    (at) => silently(at('folder/file'), (path) => writeFileSync(path, 'CONTENT')),
    'folder/file',
  ],
  ['a shorter content', (at) => silently(at('folder/file'), (path) => truncateSync(path, 3)), 'folder/file'],
  ['a longer content', (at) => silently(at('folder/file'), (path) => appendFileSync(path, 'x')), 'folder/file'],
  ['another time', (at) => utimesSync(at('other'), 1, 1), 'other'],
  ['another mode', (at) => chmodSync(at('other'), 0o600), 'other'],
  ['another mode of a folder', (at) => chmodSync(at('folder'), 0o700), 'folder'],
  ['another owner', (at) => chownSync(at('other'), 1000, 1000), 'other'],
  ['a missing file', (at) => rmSync(at('other')), 'other'],
  ['another name', (at) => renameSync(at('other'), at('another')), 'other'],
  [
    'a link to elsewhere',
    (at) => {
      rmSync(at('link'));
      symlinkSync('other', at('link'));
      lutimesSync(at('link'), 1, 1);
    },
    'link',
  ],
  [
    'a file in place of a link',
    (at) => {
      rmSync(at('link'));
      writeFileSync(at('link'), '');
    },
    'link',
  ],
  [
    'a pipe in place of a file',
    (at) => {
      rmSync(at('other'));
      execFileSync('mkfifo', [at('other')]);
    },
    'other',
  ],
])('%s is seen', async (_, change, example) => {
  change((path) => join(root, 'source', path));
  expect(await compare()).toMatchObject({ different: 1, example });
});

it('of what is not chosen everything but the content is compared', async () => {
  silently(join(root, 'source/other'), (path) => writeFileSync(path, 'OTHER'));
  expect(await compare(0.000001)).toMatchObject({ digests: 0, different: 0 });
  chmodSync(join(root, 'source/other'), 0o600);
  expect(await compare(0.000001)).toMatchObject({ digests: 0, different: 1 });
});

it('an archive that ends too early is an error', async () => {
  writeFileSync(join(root, 'large'), '');
  truncateSync(join(root, 'archive.tar'), 1_000);
  await expect(compare()).rejects.toThrow(/end of data|Unexpected/i);
});
