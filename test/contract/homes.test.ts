// User homes from a skeleton on a mounted folder (contract 3.1; weaknesses 11, 12, 24).
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { createWorkspace, type Workspace } from '../support/workspace';
import { createWorld, type World } from '../support/world';

const uid = process.getuid?.() ?? 0;
const gid = process.getgid?.() ?? 0;

let files: Workspace;
let world: World;

beforeAll(async () => {
  files = createWorkspace();
  files.write('skel/mapped-lab/.profile', 'export HELLO=1');
  files.write('skel/mapped-lab/work/note.txt', 'hello');
  files.write('skel/mapped-lab/work/old.bak', 'ignored');
  world = await createWorld({
    config: {
      userhomes: {
        mode: 'folder',
        base: join(files.root, 'homes'),
        skel: join(files.root, 'skel'),
        credential_mapping: { 'hub-a': 'mapped' },
        service_suffix: { sleeper: '-lab' },
        skel_ignore_files: ['*.bak'],
        uid,
        gid,
      },
    },
  });
});

afterAll(async () => {
  await world?.close();
  files.remove();
});

function home(...path: readonly string[]): string {
  return join(files.root, 'homes', ...path);
}

it('weakness 12: the first start makes the home whole and owned from the skeleton, and stop leaves it', async () => {
  expect((await world.hub.start('first')).status).toBe(201);

  expect(readFileSync(home('mapped-lab', '17', 'work', 'note.txt'), 'utf8')).toBe('hello');
  expect(existsSync(home('mapped-lab', '17', '.profile'))).toBe(true);
  expect(existsSync(home('mapped-lab', '17', 'work', 'old.bak'))).toBe(false);
  expect(statSync(home('mapped-lab', '17', 'work'))).toMatchObject({ uid, gid });
  expect((await world.hub.stop('first')).status).toBe(204);
  expect(existsSync(home('mapped-lab', '17'))).toBe(true);
});

it('a later start touches nothing in it', async () => {
  files.write('homes/mapped-lab/18/work/note.txt', 'mine');

  expect((await world.hub.start('later', { env: { JUPYTERHUB_USER_ID: 18 } })).status).toBe(201);

  expect(readFileSync(home('mapped-lab', '18', 'work', 'note.txt'), 'utf8')).toBe('mine');
  expect(readdirSync(home('mapped-lab', '18'))).toEqual(['work']);
});

it('weakness 24: first starts at once make one whole home', async () => {
  const env = { JUPYTERHUB_USER_ID: 19 };
  const answers = await Promise.all(
    ['a', 'b', 'c', 'd'].map(async (name) => world.hub.start(`parallel-${name}`, { env })),
  );

  expect(answers.map(({ status }) => status)).toEqual([201, 201, 201, 201]);
  expect(readdirSync(home('mapped-lab')).toSorted()).toEqual(['17', '18', '19']);
  expect(readdirSync(home('mapped-lab', '19')).toSorted()).toEqual(['.profile', 'work']);
});

it('weakness 11: an unknown service makes neither home nor skeleton, and a missing skeleton makes an empty home', async () => {
  const unknown = await world.hub.start('lost', { service: 'unheard-of', env: { JUPYTERHUB_USER_ID: 20 } });
  const empty = await world.hubOf('hub-b').start('bare', { env: { JUPYTERHUB_USER_ID: 21 } });

  expect([unknown.status, empty.status]).toEqual([500, 201]);
  expect(existsSync(home('mapped', '20'))).toBe(false);
  expect(readdirSync(home('hub-b-lab', '21'))).toEqual([]);
  expect(readdirSync(join(files.root, 'skel'))).toEqual(['mapped-lab']);
});
