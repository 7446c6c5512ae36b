import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, mkdirSync, readFileSync, readlinkSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readDefinitions } from '../../../../bin/images/definition/definitions';
import { exactText } from '../../../../bin/images/definition/image';
import { parsePlace } from '../../../../bin/images/reference';
import { makeApplications, type Applications } from '../../../support/images/applications';

let world: Applications;

beforeEach(() => {
  world = makeApplications();
});
afterEach(() => world.remove());

const read = async (names: readonly string[] = [], asked = {}, applications = world.applications) =>
  readDefinitions(names, { applications, buildArguments: {}, place: undefined, ...asked });
const hashOf = async (applications?: string): Promise<string> => (await read([], {}, applications))[0]!.hash;
const faultsOf = async (): Promise<readonly string[]> => {
  const error = await read().catch((reason: Error) => reason);
  return error instanceof Error ? error.message.replaceAll(`${world.applications}/`, '').split('\n') : [];
};

const git = (folder: string, ...args: string[]): string =>
  execFileSync('git', ['-C', folder, '-c', 'user.name=t', '-c', 'user.email=t', '-c', 'core.autocrlf=false', ...args], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  });

/** As docs/images.md tells it: from what git keeps. */
function hashByGit(folder: string): string {
  const lines = git(folder, 'ls-files', '-s', '-z', '.').split('\0').filter(Boolean);
  const entries = lines.map((line) => ({ mode: line.slice(0, 6), path: line.slice(line.indexOf('\t') + 1) }));
  const text = entries
    .filter(({ path }) => !path.startsWith('ops/'))
    .map(({ mode, path }) => {
      const file = join(folder, path);
      const contents = mode === '120000' ? readlinkSync(file) : readFileSync(file);
      return `${mode} ${createHash('sha256').update(contents).digest('hex')} ${path}\0`;
    });
  return createHash('sha256').update(text.join('')).digest('hex').slice(0, 12);
}

test('a tag is what git keeps: the same on every checkout, under every umask and in every place', async () => {
  const folder = world.define('lab', {
    'ops/build_options.txt': 'build: true\npush: true',
    'a file': '1',
    'é.txt': '2',
  });
  world.write('applications/lab/bin/start', '#!/bin/sh\n', 0o755);
  world.link('applications/lab/bin/run', 'start');
  git(world.root, 'init', '-q');
  git(world.root, 'add', '-A');
  git(world.root, 'commit', '-q', '-m', 'one');
  const expected = hashByGit(folder);
  expect(await hashOf()).toBe(expected);
  for (const umask of ['077', '002']) {
    const clone = join(world.root, `in another place ${umask}`);
    execFileSync('sh', ['-c', `umask ${umask}; git clone -q "$0" "$1"`, world.root, clone], { stdio: 'pipe' });
    expect(await hashOf(join(clone, 'applications'))).toBe(expected);
  }
});

test('what does not enter it: ops, litter, empty folders, modes that git does not keep, times', async () => {
  const folder = world.define('lab');
  const before = await hashOf();
  world.write('applications/lab/ops/build_options.txt', 'build: false\npush: false');
  for (const name of ['.Dockerfile.swp', 'Dockerfile~', '.DS_Store', '.#Dockerfile', '#Dockerfile#'])
    writeFileSync(join(folder, name), 'x');
  world.write('applications/lab/__pycache__/a.pyc', 'x');
  mkdirSync(join(folder, 'empty'));
  chmodSync(join(folder, 'Dockerfile'), 0o666);
  expect(await hashOf()).toBe(before);
});

test.each<[string, () => void]>([
  ['contents', () => world.write('applications/lab/Dockerfile', 'FROM scratch\n')],
  ['the executable bit', () => chmodSync(join(world.applications, 'lab/a'), 0o755)],
  [
    'a link in place of a file',
    () => (rmSync(join(world.applications, 'lab/a')), world.link('applications/lab/a', 'b')),
  ],
  [
    'another target of a link',
    () => (rmSync(join(world.applications, 'lab/l')), world.link('applications/lab/l', 'b')),
  ],
  ['a new file', () => world.write('applications/lab/c', '')],
  ['a name', () => world.write('applications/lab/image_name.txt', 'team/other')],
  ['build_args.txt', () => world.write('applications/lab/build_args.txt', 'A=1')],
  ['a folder called ops further down', () => world.write('applications/lab/sub/ops/a', '')],
])('%s changes it', async (_what, change) => {
  world.define('lab', { a: 'b', b: 'b' });
  world.link('applications/lab/l', 'a');
  const before = await hashOf();
  change();
  expect(await hashOf()).not.toBe(before);
});

test('context.txt adds what is elsewhere in the repository, under its own path', async () => {
  world.define('mover', { 'context.txt': '# ours\nsource/\n./package.json\n' });
  world.write('source/a.ts', 'a');
  world.write('package.json', '{}');
  const [definition] = await read();
  expect(definition!.files.map(({ path }) => path).toSorted()).toEqual([
    'Dockerfile',
    'context.txt',
    'image_name.txt',
    'package.json',
    'source/a.ts',
  ]);
  world.write('source/a.ts', 'b');
  expect(await hashOf()).not.toBe(definition!.hash);
});

test.each(['shared/id', 'here/shared/id', 'shared/'])(
  'context.txt leads nowhere out of the repository, by no linked folder: %s is refused',
  async (line) => {
    const outside = makeApplications();
    try {
      outside.write('id', 'secret');
      world.define('lab', { 'context.txt': `${line}\n` });
      world.link('shared', outside.root);
      world.link('here', '.');
      expect(await faultsOf()).toEqual([
        expect.stringMatching(/^lab: (?:here\/)?shared(?:\/id)? (?:is|lies behind) a link out of the folder, /),
      ]);
    } finally {
      outside.remove();
    }
  },
);

test('a linked folder that stays in the repository is followed', async () => {
  world.define('lab', { 'context.txt': 'shared/a.ts\n' });
  world.write('source/a.ts', 'a');
  world.link('shared', 'source');
  const [definition] = await read();
  expect(definition!.files.map(({ path }) => path)).toContain('shared/a.ts');
});

test('arguments by hand come before those of the file, and enter the tag', async () => {
  world.define('lab', { 'build_args.txt': 'A=1\nB=2\n', Dockerfile: 'ARG B\nFROM debian:$B\n' });
  const [plain] = await read();
  const [given] = await read([], { buildArguments: { B: '3' } });
  expect(plain!.buildArguments).toEqual({ A: '1', B: '2' });
  expect(plain!.unpinned).toEqual(['debian:2']);
  expect(given!.buildArguments).toEqual({ A: '1', B: '3' });
  expect(given!.unpinned).toEqual(['debian:3']);
  expect(given!.hash).not.toBe(plain!.hash);
});

test('another registry takes the place of the one that is named', async () => {
  world.define('lab', { 'image_name.txt': 'old.example.org/team/lab' });
  const [definition] = await read([], { place: parsePlace('new.example.org/x') });
  expect(exactText(definition!.images[0]!)).toBe(`new.example.org/x/team/lab:${definition!.hash}`);
});

test('some are chosen by name, all when none is', async () => {
  for (const name of ['b', 'a', 'c']) world.define(name);
  world.write('applications/README.md', '');
  expect((await read()).map(({ name }) => name)).toEqual(['a', 'b', 'c']);
  expect((await read(['c', 'a', 'c'])).map(({ name }) => name)).toEqual(['c', 'a']);
  await expect(read(['d'])).rejects.toMatchObject({
    code: 'usage',
    message: expect.stringContaining('there is a, b, c') as string,
  });
});

test('a folder that is none, or is empty, is told', async () => {
  await expect(read([], {}, join(world.root, 'nowhere'))).rejects.toMatchObject({
    code: 'usage',
    message: expect.stringMatching(
      /nowhere is no folder of image definitions: give it by --applications FOLDER$/,
    ) as string,
  });
  mkdirSync(world.applications);
  await expect(read()).rejects.toMatchObject({
    code: 'usage',
    message: expect.stringContaining('there is no definition in') as string,
  });
});

test('every fault of all of them is told, with its file', async () => {
  world.define('fine');
  rmSync(join(world.define('empty'), 'Dockerfile'));
  world.define('broken', {
    'ops/build_options.txt': 'build: perhaps\npush: true\nTARGET base base\n',
    'build_args.txt': 'A=1\nnonsense\n',
    'image_name.txt': 'No Name',
  });
  world.define('contexts', { 'context.txt': '/etc\n../..\nmissing\n' });
  world.define('lost', { 'context.txt': 'missing\napplications/lost/Dockerfile\n' });
  expect(await faultsOf()).toEqual([
    'broken: ops/build_options.txt: line 1: "build: perhaps" is none of "build: true", "push: false", "TARGET stage tag"',
    'broken: "No Name" is no name of an image; one is registry.example.org/team/image',
    'broken: TARGET base: the Dockerfile has no such stage; it names none',
    'broken: build_args.txt: line 2: "nonsense" is no NAME=VALUE',
    'contexts: context.txt: line 1: /etc is no path in the folder that holds the applications',
    'contexts: context.txt: line 2: ../.. is no path in the folder that holds the applications',
    'empty: it has no Dockerfile: write one, or put the folder elsewhere',
    `lost: context.txt: there is no ${join(world.root, 'missing')}`,
  ]);
});

test.each<[string, string, string]>([
  ['out', 'a', '../../secret'],
  ['out by its absolute name', 'a', '/etc/hostname'],
  ['out although nothing is there', 'a', '../../nothing'],
  ['out from a folder in it', 'sub/a', '../../x'],
])('a link %s is refused', async (_what, path, target) => {
  world.define('lab');
  world.write('secret', 'x');
  world.link(`applications/lab/${path}`, target);
  expect(await faultsOf()).toEqual([
    `lab: ${path} is a link out of the folder, to ${target}: builders do not follow it. Copy what it leads to`,
  ]);
});

test('a link that only leads out through another one is refused, too', async () => {
  world.define('lab', { 'sub/file': '' });
  world.link('applications/lab/sub/up', '..');
  world.link('applications/lab/out', 'sub/up/../secret');
  world.write('applications/secret', 'x');
  expect(await faultsOf()).toEqual([expect.stringMatching(/^lab: out is a link out of the folder/)]);
});

test('links within are fine, also those that lead nowhere', async () => {
  world.define('lab', { 'sub/file': '' });
  world.link('applications/lab/sub/other', '../image_name.txt');
  world.link('applications/lab/nowhere', 'later');
  expect(await faultsOf()).toEqual([]);
});

test('a definition that is itself a link, and what is no file, are refused', async () => {
  const folder = world.define('lab');
  execFileSync('mkfifo', [join(folder, 'pipe')]);
  expect(await faultsOf()).toEqual(['lab: pipe is neither a file nor a folder nor a link: remove it']);
  world.link('applications/other', 'lab');
  expect(await faultsOf()).toEqual([
    'other is no folder but leads elsewhere: an image is made of what is in its own folder',
  ]);
});

test('two that would share a tag are refused', async () => {
  world.define('a', { 'image_name.txt': 'team/lab' });
  world.define('b', { 'image_name.txt': 'docker.io/team/lab' });
  expect(await faultsOf()).toEqual(['a and b both make docker.io/team/lab:latest: give one of them another name']);
});
