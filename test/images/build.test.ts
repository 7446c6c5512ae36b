// `hubfn images build` and `list` with a real buildah.
import { once } from 'node:events';
import { chmodSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { onTerminal } from '../support/commandLine';
import { createImageWorld, exactOf, HASH, type ImageWorld } from '../support/images/imageWorld';

let world: ImageWorld;

beforeEach(() => {
  world = createImageWorld();
});
afterEach(() => {
  world.remove();
});

const LAB = 'docker.io/team/lab';
const exactTag = (repository = LAB): string => exactOf(world.built(repository));
const idOf = (name: string): string => world.buildah('images', '--quiet', '--no-trunc', name).trim();

/** A file of an image. */
function fileIn(image: string, path: string): string {
  const container = world.buildah('from', image).trim();
  const folder = world.buildah('mount', container).trim();
  try {
    return readFileSync(join(folder, path), 'utf8');
  } finally {
    world.buildah('rm', container);
  }
}

test('what is not there is built, and exits with 0; what is there is not, and exits with 1', async () => {
  world.define('lab', { Dockerfile: 'FROM scratch\nCOPY file /file\n', file: 'one' });
  const first = await world.images(['build']);
  expect(first).toMatchObject({ code: 0, errors: 'lab: building\n' });
  expect(world.built(LAB)).toEqual([expect.stringMatching(HASH), 'latest']);
  expect(first.output).toBe(`lab: built ${LAB}:${exactTag()}\n`);
  expect(fileIn(`${LAB}:latest`, 'file')).toBe('one');

  const id = idOf(`${LAB}:latest`);
  const again = await world.images(['build', 'lab']);
  expect(again).toMatchObject({ code: 1, output: `lab: already built: ${LAB}:${exactTag()}\n` });
  expect(await world.images(['build', '--exit-zero'])).toMatchObject({ code: 0 });
  expect(idOf(`${LAB}:latest`)).toBe(id);
  expect(await world.images(['build', '--force'])).toMatchObject({ code: 0 });
});

test('other contents have another tag; latest goes with them, and back', async () => {
  world.define('lab', { Dockerfile: 'FROM scratch\nCOPY file /file\n', file: 'one' });
  await world.images(['build']);
  const one = exactTag();
  world.write('applications/lab/file', 'two');
  expect(await world.images(['build'])).toMatchObject({ code: 0 });
  const two = world.built(LAB).find((tag) => HASH.test(tag) && tag !== one);
  expect(idOf(`${LAB}:latest`)).toBe(idOf(`${LAB}:${two}`));
  world.write('applications/lab/file', 'one');
  expect(await world.images(['build'])).toMatchObject({
    code: 1,
    output: `lab: already built: ${LAB}:${one}; other tags lead to it again\n`,
  });
  expect(idOf(`${LAB}:latest`)).toBe(idOf(`${LAB}:${one}`));
});

test('build: false is not built', async () => {
  world.define('lab', { 'ops/build_options.txt': 'build: false\npush: true\n' });
  expect(await world.images(['build'])).toMatchObject({
    code: 1,
    output: 'lab: not built: ops/build_options.txt says build: false\n',
  });
  expect(await world.images(['build', '--exit-zero'])).toMatchObject({ code: 0 });
  expect(world.built(LAB)).toEqual([]);
});

test('stages that are images are built one after the other, each with its own contents', async () => {
  world.define('lab', {
    Dockerfile: 'FROM scratch AS base\nCOPY a /a\nFROM base AS tools\nCOPY b /b\nFROM tools\nCOPY c /c\n',
    'ops/build_options.txt': 'build: true\npush: true\nTARGET base base\nTARGET tools team/tools\n',
    a: 'in all',
    b: 'in two',
    c: 'in one',
  });
  expect(await world.images(['build'])).toMatchObject({ code: 0 });
  expect(world.built(LAB)).toEqual([
    expect.stringMatching(HASH),
    'base',
    expect.stringMatching(/^base-[0-9a-f]{12}$/),
    'latest',
  ]);
  expect(world.built('docker.io/team/tools')).toEqual([exactTag(), 'latest']);
  expect(fileIn(`${LAB}:base`, 'a')).toBe('in all');
  expect(() => fileIn(`${LAB}:base`, 'b')).toThrow('ENOENT');
  expect(fileIn('docker.io/team/tools:latest', 'b')).toBe('in two');
  expect(fileIn(`${LAB}:latest`, 'c')).toBe('in one');
  expect(await world.images(['build'])).toMatchObject({ code: 1 });
  world.buildah('rmi', `${LAB}:base`, `${LAB}:base-${exactTag()}`);
  expect(await world.images(['build'])).toMatchObject({ code: 0 });
});

test('one that fails is told with what the builder says, and the others are built', async () => {
  for (const name of ['a', 'c']) world.define(name);
  world.define('b', { Dockerfile: 'FROM scratch\nCOPY missing /\n' });
  const { code, output, errors } = await world.images(['build', '--jobs', '3']);
  expect(code).toBe(3);
  expect(output.trimEnd().split('\n').toSorted()).toEqual([
    expect.stringMatching(/^a: built /),
    expect.stringMatching(/^c: built /),
  ]);
  expect(errors).toMatch(/^b: buildah build failed:$/m);
  expect(errors).toMatch(/missing.*no such file or directory/);
  expect(world.built('docker.io/team/b')).toEqual([]);
});

test('what nobody foresaw is a failure, never nothing to do', async () => {
  world.define('lab');
  const TMPDIR = join(world.root, 'removed');
  const { code, errors } = await world.images(['build', '--exit-zero'], { environment: { TMPDIR } });
  expect({ code, errors }).toEqual({
    code: 3,
    errors: expect.stringMatching(/^lab: building\nlab: .*ENOENT.*\/removed\//) as string,
  });
  expect(world.built(LAB)).toEqual([]);
});

test('nothing is begun while one of them is broken', async () => {
  world.define('a');
  world.define('b', { 'ops/build_options.txt': 'build: perhaps\n' });
  rmSync(join(world.define('c'), 'Dockerfile'));
  const { code, output, errors } = await world.images(['build', '--exit-zero']);
  expect({ code, output }).toEqual({ code: 2, output: '' });
  expect(errors).toBe(
    `hubfn: ${world.applications}/b: ops/build_options.txt: line 1: "build: perhaps" is none of "build: true", "push: false", "TARGET stage tag"\n` +
      `${world.applications}/c: it has no Dockerfile: write one, or put the folder elsewhere\n`,
  );
  expect(world.built('docker.io/team/a')).toEqual([]);
});

test('the same contents are the same image, whoever builds it, when and where', async () => {
  const other = createImageWorld();
  try {
    for (const each of [world, other]) {
      each.define('lab', {
        Dockerfile: 'FROM scratch AS base\nCOPY sub /sub\nFROM base\nCOPY bin /bin\nLABEL a=b\n',
        'sub/file': '1',
        'bin/a': '#!',
      });
      chmodSync(join(each.applications, 'lab/bin/a'), each === world ? 0o755 : 0o700);
      expect(await each.images(['build'])).toMatchObject({ code: 0 });
    }
    const [one, two] = [world, other].map((each) =>
      each.buildah('images', '--no-trunc', '--format', '{{.ID}} {{.Digest}}', `${LAB}:latest`),
    );
    expect(one).toBe(two);
  } finally {
    other.remove();
  }
});

test('build arguments reach the image, those by hand first', async () => {
  world.define('lab', {
    Dockerfile: 'FROM scratch\nARG A\nARG B\nLABEL a=$A b=$B\n',
    'build_args.txt': 'A=of the file\nB=2\n',
  });
  expect(await world.images(['build', '--build-arg', 'B=by hand'])).toMatchObject({ code: 0 });
  const { config } = (
    JSON.parse(world.buildah('inspect', '--type', 'image', `${LAB}:latest`)) as {
      OCIv1: { config: { Labels: object } };
    }
  ).OCIv1;
  expect(config.Labels).toMatchObject({ a: 'of the file', b: 'by hand' });
});

test('a base without a digest is a warning', async () => {
  world.define('base');
  await world.images(['build']);
  world.define('lab', { Dockerfile: 'FROM docker.io/team/base\n' });
  const { code, errors } = await world.images(['build', 'lab']);
  expect(errors).toContain(
    'lab: warning: stands on docker.io/team/base, which may become another without its tag telling: write docker.io/team/base@sha256:...\n',
  );
  expect(code).toBe(0);
});

test('what a builder says is told where somebody wants to read it', async () => {
  world.define('lab');
  expect((await world.images(['build', '--verbose'])).errors).toMatch(/^lab: STEP 1\/2: FROM scratch$/m);
});

test('--dry-run prints commands, and builds nothing', async () => {
  world.define('lab');
  const { code, output } = await world.images(['build', '--dry-run']);
  expect(code).toBe(0);
  const folder = `${world.applications}/lab`;
  const [command, told] = output.split('\n');
  expect(command).toMatch(
    new RegExp(
      `^buildah build --layers --timestamp 0 --tag ${LAB}:[0-9a-f]{12} --tag ${LAB}:latest --file ${folder}/Dockerfile ${folder}$`,
    ),
  );
  expect(told).toMatch(/^lab: would build /);
  expect(world.built(LAB)).toEqual([]);
});

test('on a terminal a bar tells how far it is', async () => {
  for (const name of ['a', 'b']) world.define(name);
  const { code, drawn } = await onTerminal(
    ['images', 'build', '--applications', world.applications, '--jobs', '1'],
    world,
  );
  expect(code).toBe(0);
  expect(drawn).toContain('] 0/2 a');
  expect(drawn).toContain('\u001B[Ka: built ');
  expect(drawn).toContain('1/2 b');
  expect(drawn.trimEnd()).toMatch(/b: built docker.io\/team\/b:[0-9a-f]{12}$/);
});

describe('while the builder waits for somebody', () => {
  let silent: Server;
  let asked: Promise<unknown>;

  beforeEach(async () => {
    silent = createServer().listen(0, '127.0.0.1');
    asked = once(silent, 'request');
    await once(silent, 'listening');
  });
  afterEach(async () => {
    silent.closeAllConnections();
    silent.close();
    await once(silent, 'close');
  });

  test('Ctrl-C ends it, and leaves nothing', async () => {
    const { port } = silent.address() as AddressInfo;
    world.define('lab', { Dockerfile: `FROM scratch\nADD http://127.0.0.1:${port}/never /\n` });
    world.define('next');
    const { code, errors } = await world.images(['build', '--jobs', '1'], { interrupted: asked });
    expect({ code, errors }).toEqual({
      code: 130,
      errors: 'lab: building\nlab: interrupted\nnext: building\nnext: interrupted\n',
    });
    expect(world.built(LAB)).toEqual([]);
    expect(readdirSync(world.environment['TMPDIR']!).filter((name) => name.startsWith('hubfn-image-'))).toEqual([]);
  });

  test('what has lost a file meanwhile has failed, and the others are built', async () => {
    silent.on('request', (_request, response) => {
      rmSync(join(world.applications, 'b/Dockerfile'));
      response.end('text');
    });
    const { port } = silent.address() as AddressInfo;
    world.define('a', { Dockerfile: `FROM scratch\nADD http://127.0.0.1:${port}/file /\n` });
    for (const name of ['b', 'c']) world.define(name);
    const { code, errors } = await world.images(['build', '--jobs', '1']);
    expect({ code, told: errors.split('\n').filter((line) => !line.endsWith(': building')) }).toEqual({
      code: 3,
      told: ['b: its files have changed since they were read; run it again', ''],
    });
    expect(['a', 'b', 'c'].map((name) => world.built(`docker.io/team/${name}`).length)).toEqual([2, 0, 2]);
  });
});

test('list shows what is built', async () => {
  world.define('lab', {
    Dockerfile: 'FROM scratch AS base\nCOPY Dockerfile /\nFROM base\n',
    'ops/build_options.txt': 'build: true\npush: false\nTARGET base base\n',
  });
  world.define('other');
  await world.images(['build', 'lab']);
  const { code, output } = await world.images(['list']);
  expect(code).toBe(0);
  expect(output.split('\n').map((line) => line.split(/ +/).slice(0, 6).join(' '))).toEqual([
    'NAME STAGE BUILD PUSH BUILT PUSHED',
    'lab base yes no yes -',
    'lab - yes no yes -',
    'other - yes yes no -',
    '',
  ]);
  const rows = JSON.parse((await world.images(['list', '--output', 'json', 'lab'])).output) as readonly object[];
  expect(rows[1]).toEqual({ name: 'lab', image: `${LAB}:${exactTag()}`, build: true, push: false, built: true });
});
