import { existsSync, lstatSync, mkdirSync, readFileSync, readlinkSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { readTree } from '../../../bin/images/definition/tree';
import { withContext } from '../../../bin/images/stage';
import { makeApplications, type Applications } from '../../support/images/applications';

let world: Applications;

beforeEach(() => {
  world = makeApplications();
  world.define('lab', { 'sub/file': 'text' });
  world.write('applications/lab/sub/program', '#!/bin/sh', 0o700);
  world.link('applications/lab/link', 'sub/file');
});
afterEach(() => world.remove());

const files = async () => (await readTree({ root: join(world.applications, 'lab'), path: '', except: 'ops' })).value;
const modeOf = (path: string): string => (lstatSync(path).mode & 0o777).toString(8);

test('holds what the tag tells, with modes and times that are the same everywhere, and is gone afterwards', async () => {
  world.write('applications/lab/ops/build_options.txt', 'no part of it');
  world.write('applications/lab/Dockerfile~', 'no part of it');
  const folder = await withContext(await files(), async (context) => {
    const paths = ['Dockerfile', 'sub/file', 'sub/program', 'sub', 'link'].map((path) => join(context, path));
    expect(paths.slice(0, 4).map(modeOf)).toEqual(['644', '644', '755', '755']);
    expect(paths.map((path) => lstatSync(path).mtimeMs)).toEqual([0, 0, 0, 0, 0]);
    expect(readFileSync(join(context, 'sub/file'), 'utf8')).toBe('text');
    expect(readlinkSync(join(context, 'link'))).toBe('sub/file');
    expect(['ops', 'Dockerfile~'].map((path) => existsSync(join(context, path)))).toEqual([false, false]);
    return Promise.resolve(context);
  });
  expect(existsSync(folder)).toBe(false);
});

test.each<[string, () => void]>([
  ['other contents', () => world.write('applications/lab/sub/file', 'other text')],
  ['one less', () => rmSync(join(world.applications, 'lab/sub/file'))],
  [
    'a folder in place of a file',
    () => (rmSync(join(world.applications, 'lab/sub/file')), mkdirSync(join(world.applications, 'lab/sub/file'))),
  ],
  [
    'a file in place of a folder',
    () => (rmSync(join(world.applications, 'lab/sub'), { recursive: true }), world.write('applications/lab/sub', '')),
  ],
  [
    'a file in place of a link',
    () => (rmSync(join(world.applications, 'lab/link')), world.write('applications/lab/link', '')),
  ],
])('files that have changed since they were read are no image of that tag: %s', async (_what, change) => {
  const read = await files();
  change();
  const use = jest.fn();
  await expect(withContext(read, use)).rejects.toMatchObject({
    message: expect.stringContaining('have changed') as string,
  });
  expect(use).not.toHaveBeenCalled();
});
