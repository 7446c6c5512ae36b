// Which builder `npm run build:images` takes.
import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { makeApplications, type Applications } from '../support/images/applications';

let world: Applications;

beforeEach(() => {
  world = makeApplications();
  copyFileSync('Dockerfile', join(world.root, 'Dockerfile'));
  mkdirSync(join(world.root, 'functions/services'), { recursive: true });
});
afterEach(() => world.remove());

const CLIENT_ONLY = '[ "$1" = --version ] && exit 0\nexit 1';
const builds = (name: string): string => `[ "$1" = build ] && echo "$@" > ${join(world.root, name)}\nexit 0`;

function build(programs: Readonly<Record<string, string>>): ReturnType<typeof spawnSync> {
  for (const [name, text] of Object.entries(programs)) world.write(`programs/${name}`, `#!/bin/sh\n${text}\n`, 0o755);
  return spawnSync(process.execPath, [resolve('images/build.mjs'), '--tag', '1', 'services'], {
    cwd: world.root,
    env: { PATH: join(world.root, 'programs') },
    encoding: 'utf8',
  });
}

test('docker without its daemon is passed over', () => {
  expect(build({ docker: CLIENT_ONLY, podman: builds('by-podman') })).toMatchObject({ status: 0 });
  expect(readFileSync(join(world.root, 'by-podman'), 'utf8')).toContain('--tag hub-functions-services:1');
});

test('docker comes first where it works', () => {
  expect(build({ docker: builds('by-docker'), podman: builds('by-podman') })).toMatchObject({ status: 0 });
  expect(['by-docker', 'by-podman'].map((name) => existsSync(join(world.root, name)))).toEqual([true, false]);
});

test('where none works it is said', () => {
  const { status, stderr } = build({ docker: CLIENT_ONLY });
  expect(status).toBe(1);
  expect(stderr).toBe('none of docker, podman, buildah works here; --cluster needs none, for the test cluster only\n');
});
