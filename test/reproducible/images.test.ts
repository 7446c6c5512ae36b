// The same checkout makes the same images: wherever it lies, whoever builds it, whenever. With Debian's buildah, as root.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { imageCommand } from '../../dev/images/command';

/** On the file system of the packages, which are linked, not copied. */
const WORK = resolve('dist');
const COMMIT_TIME = '1764417600';
/** The others of an image that calls other programs: Debian's packages are those of the day. */
const IMAGES = ['services', 'deadletters'];

let folder: string;
let checkouts: readonly string[];

beforeAll(() => {
  mkdirSync(WORK, { recursive: true });
  folder = mkdtempSync(join(WORK, 'reproducible-'));
  const one = checkout('one');
  build(one, { TZ: 'UTC', LANG: 'C' });
  const other = checkout('somewhere/else/two');
  build(other, { TZ: 'Pacific/Auckland', LANG: 'C.UTF-8', USER: 'other', UMASK: '027' });
  checkouts = [one, other];
}, 600_000);

afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** What git knows, as it is in the working tree, beside the packages of this one. */
function checkout(name: string): string {
  const target = join(folder, name);
  const files = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', '-z'], {
    encoding: 'utf8',
  });
  for (const file of files.split('\0').filter((each) => each !== '' && existsSync(each))) {
    mkdirSync(dirname(join(target, file)), { recursive: true });
    cpSync(file, join(target, file), { verbatimSymlinks: true });
  }
  execFileSync('cp', ['--archive', '--link', 'node_modules', join(target, 'node_modules')]);
  return target;
}

/** As the first stage of the Dockerfile does it. */
function build(place: string, { UMASK = '022', ...environment }: Readonly<Record<string, string>>): void {
  const env = { PATH: process.env['PATH'] ?? '', HOME: folder, ...environment };
  const script = `umask ${UMASK} && npm run --silent build && node dist/dev/images/assemble.js`;
  execFileSync('/bin/sh', ['-c', script], { cwd: place, env, stdio: 'pipe' });
}

/** Each file with its mode and its content. */
function contentOf(root: string): Readonly<Record<string, string>> {
  const described = readdirSync(root, { recursive: true, encoding: 'utf8' }).map((name) => {
    const [path, { mode }] = [join(root, name), lstatSync(join(root, name))];
    const content = lstatSync(path).isFile() ? createHash('sha256').update(readFileSync(path)).digest('hex') : '';
    return [name, `${mode.toString(8)} ${content}`];
  });
  return Object.fromEntries(described) as Record<string, string>;
}

test('every file of every image is the same, compiled code included', () => {
  const [one, other] = checkouts.map((place) => contentOf(join(place, 'dist/images')));
  const names = Object.keys(one ?? {});
  expect(names.filter((name) => name.endsWith('.code')).length).toBeGreaterThan(IMAGES.length);
  expect(names.filter((name) => one?.[name] !== other?.[name])).toEqual([]);
  expect(Object.keys(other ?? {}).toSorted()).toEqual(names.toSorted());
});

/** Compiles each file with its code, as start.cjs does it, and names those whose code V8 does not take. */
const TAKING = `
const { readFileSync } = require('node:fs');
const { Script } = require('node:vm');
const refused = process.argv.slice(1).filter((file) => {
  const source = '(function (exports, require, module, __filename, __dirname) {' + readFileSync(file, 'utf8') + '\\n})';
  return new Script(source, { cachedData: readFileSync(file + '.code') }).cachedDataRejected;
});
console.log(JSON.stringify(refused));`;

test('functions take the compiled code, under the options that images run with', () => {
  const root = join(checkouts[0] ?? '', 'dist/images');
  const compiled = Object.keys(contentOf(root)).filter((name) => name.endsWith('.code'));
  const files = compiled.map((name) => join(root, name.replace(/\.code$/, '')));
  const refused = execFileSync(process.execPath, [...imageCommand().nodeOptions, '-e', TAKING, ...files], {
    encoding: 'utf8',
  });
  expect(JSON.parse(refused)).toEqual([]);
});

/** Node as it is on this machine, and a shell for the Dockerfile's one RUN. */
function nodeFiles(): string {
  const root = join(folder, 'node-root');
  const node = realpathSync(process.execPath);
  const libraries = execFileSync('ldd', [node], { encoding: 'utf8' }).match(/\/\S+/g) ?? [];
  for (const file of [node, ...libraries, '/bin/busybox']) cpSync(file, join(root, file), { dereference: true });
  symlinkSync('busybox', join(root, 'bin/sh'));
  return root;
}

function buildah(...args: readonly string[]): string {
  const storage = ['--root', join(folder, 'storage'), '--runroot', join(folder, 'run'), '--storage-driver', 'vfs'];
  return execFileSync('buildah', [...storage, ...args], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] }).trim();
}

/** The last stage, on what the first one has made in a checkout. */
function digestOf(name: string, place: string): string {
  const first = join(folder, 'first', relative(folder, place));
  mkdirSync(join(first, 'build/dist'), { recursive: true });
  cpSync(join(place, 'dist/images'), join(first, 'build/dist/images'), { recursive: true });
  const tag = `localhost/${name}:${createHash('sha256').update(place).digest('hex').slice(0, 12)}`;
  const options = ['--isolation', 'chroot', '--timestamp', COMMIT_TIME, '--build-context', `build=${first}`];
  const given = ['--build-arg', 'NODE=localhost/node:1', '--build-arg', `FUNCTION=${name}`, '--tag', tag];
  buildah('build', ...options, ...given, '--file', join(place, 'Dockerfile'), place);
  const digest = join(folder, 'digest');
  buildah('push', '--digestfile', digest, tag, `oci:${join(folder, 'pushed', tag.replaceAll(/[/:]/g, '-'))}`);
  return readFileSync(digest, 'utf8');
}

test('images have the same digest', () => {
  const base = buildah('from', 'scratch');
  buildah('copy', base, nodeFiles(), '/');
  buildah('commit', base, 'localhost/node:1');
  mkdirSync(join(folder, 'pushed'));
  for (const name of IMAGES) {
    const [one, other] = checkouts.map((place) => digestOf(name, place));
    expect(one).toMatch(/^sha256:[0-9a-f]{64}$/);
    expect(other).toBe(one);
  }
}, 600_000);
