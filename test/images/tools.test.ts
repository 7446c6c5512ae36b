// Which builder is used, and what is refused before any.
import { execFileSync } from 'node:child_process';
import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { createImageWorld, type ImageWorld } from '../support/images/imageWorld';

let world: ImageWorld;

beforeEach(() => {
  world = createImageWorld();
});
afterEach(() => {
  world.remove();
});

/** A folder of programs in place of this machine's. */
function pathWith(programs: Readonly<Record<string, string>>): string {
  const folder = join(world.root, 'programs');
  mkdirSync(folder);
  for (const [name, text] of Object.entries(programs)) world.write(`programs/${name}`, text, 0o755);
  return folder;
}
const NO_DAEMON = '#!/bin/sh\necho "Cannot connect to the Docker daemon. Is it running?" >&2\nexit 1\n';

test('where there is none, it is told what is missing', async () => {
  world.define('lab');
  const PATH = pathWith({ docker: NO_DAEMON });
  const { code, errors } = await world.images(['build'], { environment: { PATH, HUBFN_IMAGE_TOOL: '' } });
  expect(code).toBe(3);
  expect(errors).toContain(
    'lab: there is nothing that builds images. Install one of docker, podman, buildah\n' +
      '  docker does not work: Cannot connect to the Docker daemon. Is it running?\n' +
      '  podman is not installed\n  buildah is not installed\n',
  );
});

test('one that does not work is passed over', async () => {
  world.define('lab');
  const PATH = pathWith({ docker: NO_DAEMON });
  symlinkSync(execFileSync('which', ['buildah'], { encoding: 'utf8' }).trim(), join(PATH, 'buildah'));
  const environment = { PATH: `${PATH}:/usr/sbin:/sbin`, HUBFN_IMAGE_TOOL: '' };
  expect(await world.images(['build'], { environment })).toMatchObject({ code: 0 });
  expect(world.built('docker.io/team/lab')).toHaveLength(2);
});

test.each([
  [['build', '--tool', 'make'], '--tool is docker, podman, buildah, not make'],
  [['build', '--jobs', '0'], '--jobs 0 is no whole number from 1 on'],
  [['build', '--build-arg', '=1'], '--build-arg =1: give NAME=VALUE'],
  [['push', '--registry', 'https://x'], '--registry https://x: give HOST[:PORT][/PATH]'],
  [['list', '--output', 'yaml'], '--output is text or json, not yaml'],
  [['build', 'nothing'], 'nothing; there is lab'],
])('%j is refused', async (args, message) => {
  world.define('lab');
  const { code, errors } = await world.images(args);
  expect(code).toBe(2);
  expect(errors).toContain(message);
});
