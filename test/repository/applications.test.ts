// The images of this project: each definition is whole, stands on what cannot change, and is made of all that it needs.
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { readDefinitions } from '../../bin/images/definition/definitions';
import { withContext } from '../../bin/images/stage';

const root = join(__dirname, '../..');
const applications = join(root, 'applications');
const names = readdirSync(applications);
const read = async (name: string) =>
  (await readDefinitions([name], { applications, buildArguments: {}, place: undefined }))[0]!;
const commandIn = (file: string): string | undefined => /^CMD .+$/m.exec(readFileSync(join(root, file), 'utf8'))?.[0];
const hubVersionIn = (file: string): string | undefined =>
  /^jupyterhub==(.+)$/m.exec(readFileSync(join(root, file), 'utf8'))?.[1];

describe.each(names)('application %s', (name) => {
  test.each(['Dockerfile', 'image_name.txt', 'ops/build_options.txt'])('has %s', (path) => {
    expect(existsSync(join(applications, name, path))).toBe(true);
  });

  test('can be read, and stands on digests', async () => {
    expect((await read(name)).unpinned).toEqual([]);
  });
});

test("the mover's image is made of all that its bundle needs", async () => {
  const { files } = await read('mover');
  await withContext(files, async (context) => {
    symlinkSync(join(root, 'node_modules'), join(context, 'node_modules'));
    execFileSync(process.execPath, ['build.mjs', 'mover'], { cwd: context });
    expect(readdirSync(join(context, 'dist/mover'))).toContain('index.js');
    return Promise.resolve();
  });
});

test("a user's server has the jupyterhub of the tests' hub", () => {
  expect(hubVersionIn('applications/singleuser/requirements.txt')).toBe(hubVersionIn('test/hub/requirements.txt'));
});

test('the mover is started as functions are', () => {
  expect(commandIn('applications/mover/Dockerfile')).toBe(commandIn('Dockerfile'));
});
