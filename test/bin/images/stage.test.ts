import { existsSync, lstatSync, readFileSync, readlinkSync } from 'node:fs';
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

test('files that have changed since they were read are no image of that tag', async () => {
  const read = await files();
  world.write('applications/lab/sub/file', 'other text');
  const use = jest.fn();
  await expect(withContext(read, use)).rejects.toMatchObject({
    message: expect.stringContaining('have changed') as string,
  });
  expect(use).not.toHaveBeenCalled();
});
