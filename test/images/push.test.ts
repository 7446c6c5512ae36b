// `hubfn images push` with a real buildah, to a real registry.
import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startBreakingProxy, type BreakingProxy } from '../support/images/breakingProxy';
import { createImageWorld, exactOf, HASH, type ImageWorld } from '../support/images/imageWorld';
import { startRegistry, type RegistryServer } from '../support/images/registryServer';

let world: ImageWorld;
let registry: RegistryServer;

beforeEach(async () => {
  world = createImageWorld();
  registry = await startRegistry();
});
afterEach(async () => {
  await registry.remove();
  world.remove();
});

const place = (): readonly string[] => ['--registry', registry.host];
const exactTag = (): string => exactOf(registry.tags('team/lab'));

async function buildAndPush(): Promise<string> {
  expect(await world.images(['build', '--exit-zero', ...place()])).toMatchObject({ code: 0 });
  expect(await world.images(['push', '--exit-zero', ...place()])).toMatchObject({ code: 0 });
  return exactTag();
}

test('what the registry lacks is pushed, and exits with 0; what it has is not, and exits with 1', async () => {
  world.define('lab');
  await world.images(['build', ...place()]);
  const first = await world.images(['push', ...place()]);
  expect(first).toMatchObject({ code: 0, errors: 'lab: pushing\n' });
  expect(registry.tags('team/lab')).toEqual([expect.stringMatching(HASH), 'latest']);
  expect(first.output).toBe(`lab: pushed ${registry.host}/team/lab:${exactTag()}\n`);
  expect(await registry.digestOf('team/lab', 'latest')).toBe(await registry.digestOf('team/lab', exactTag()));
  expect(await world.images(['push', ...place()])).toMatchObject({
    code: 1,
    output: `lab: already pushed: ${registry.host}/team/lab:${exactTag()}\n`,
  });
  expect(await world.images(['push', '--exit-zero', ...place()])).toMatchObject({ code: 0 });
  const listed = await world.images(['list', '--remote', '--output', 'json', ...place()]);
  expect(JSON.parse(listed.output)).toMatchObject([{ pushed: true, built: true }]);
});

test('what is there needs neither builder nor image', async () => {
  world.define('lab');
  await buildAndPush();
  const { code, output } = await world.images(['push', ...place()], {
    environment: { PATH: '/nowhere', HUBFN_IMAGE_TOOL: '' },
  });
  expect({ code, output }).toMatchObject({ code: 1, output: expect.stringContaining('already pushed: ') as string });
});

test('push: false is not pushed', async () => {
  world.define('lab', { 'ops/build_options.txt': 'build: true\npush: false\n' });
  await world.images(['build', ...place()]);
  expect(await world.images(['push', ...place()])).toMatchObject({
    code: 1,
    output: 'lab: not pushed: ops/build_options.txt says push: false\n',
  });
  expect(registry.tags('team/lab')).toEqual([]);
});

test('what is not built is told, and the others are pushed', async () => {
  world.define('lab');
  await world.images(['build', ...place()]);
  world.define('other');
  const { code, errors } = await world.images(['push', ...place()]);
  expect(code).toBe(3);
  expect(errors).toMatch(/other: \S+\/team\/other:[0-9a-f]{12} is not built: hubfn images build other$/m);
  expect(registry.tags('team/lab')).toHaveLength(2);
  expect(registry.tags('team/other')).toEqual([]);
});

test('latest goes on with new contents, and back with former ones', async () => {
  world.define('lab', { Dockerfile: 'FROM scratch\nCOPY file /file\n', file: 'one' });
  const one = await buildAndPush();
  world.write('applications/lab/file', 'two');
  await buildAndPush();
  expect(registry.tags('team/lab')).toHaveLength(3);
  expect(await registry.digestOf('team/lab', 'latest')).not.toBe(await registry.digestOf('team/lab', one));
  world.write('applications/lab/file', 'one');
  // By somebody who has nothing of it here.
  const environment = { PATH: '/nowhere', HUBFN_IMAGE_TOOL: '' };
  expect(await world.images(['push', ...place()], { environment })).toMatchObject({ code: 0 });
  expect(await registry.digestOf('team/lab', 'latest')).toBe(await registry.digestOf('team/lab', one));
});

test('each stage that is an image is pushed, and nothing else that is called alike', async () => {
  world.define('lab', {
    Dockerfile: 'FROM scratch AS base\nCOPY image_name.txt /\nFROM base\nCOPY Dockerfile /\n',
    'ops/build_options.txt': 'build: true\npush: true\nTARGET base base\n',
  });
  await world.images(['build', ...place()]);
  world.buildah('tag', `${registry.host}/team/lab:latest`, `${registry.host}/team/lab:private`);
  expect(await world.images(['push', ...place()])).toMatchObject({ code: 0 });
  const hash = exactTag();
  expect(registry.tags('team/lab')).toEqual([hash, 'base', `base-${hash}`, 'latest'].toSorted());
});

test('--dry-run prints what would be pushed, and pushes nothing', async () => {
  world.define('lab');
  await world.images(['build', ...place()]);
  const { code, output } = await world.images(['push', '--dry-run', ...place()]);
  expect(code).toBe(0);
  expect(output).toMatch(/^buildah push --tls-verify=false \S+\/team\/lab:[0-9a-f]{12}\nlab: would push /);
  expect(registry.tags('team/lab')).toEqual([]);
});

test('a registry that is away is told, for each image', async () => {
  world.define('lab');
  await world.images(['build', ...place()]);
  await registry.kill();
  const { code, errors } = await world.images(['push', ...place()]);
  expect(code).toBe(3);
  expect(errors).toContain(
    `lab: ${registry.host} cannot be reached: connect ECONNREFUSED ${registry.host}. Is it running, and is its name right?\n`,
  );
  const listed = await world.images(['list', '--remote', ...place()]);
  expect(listed).toMatchObject({ code: 3, errors: expect.stringContaining('cannot be reached') as string });
});

describe('a registry that dies in the middle of a push', () => {
  let proxy: BreakingProxy;

  beforeEach(async () => {
    proxy = await startBreakingProxy(registry.host);
  });
  afterEach(async () => proxy.stop());

  test('is told, has no half image, and takes it when it is back', async () => {
    writeFileSync(
      join(world.define('lab', { Dockerfile: 'FROM scratch\nCOPY large /\n' }), 'large'),
      randomBytes(3_000_000),
    );
    const through = ['--registry', proxy.host];
    await world.images(['build', ...through]);
    proxy.breakUploads(registry.kill);
    const { code, errors } = await world.images(['push', ...through]);
    expect(code).toBe(3);
    expect(errors).toContain('lab: buildah push failed:\n');
    expect(errors).toContain(
      `${proxy.host} went away in the middle of it. Run it again when it is back: layers that arrived stay there, and no tag leads to half an image\n`,
    );
    expect(registry.tags('team/lab')).toEqual([]);
    proxy.mend();
    await registry.start();
    expect(await world.images(['push', ...through])).toMatchObject({ code: 0 });
    expect(registry.tags('team/lab')).toEqual([expect.stringMatching(HASH), 'latest']);
  });
});
