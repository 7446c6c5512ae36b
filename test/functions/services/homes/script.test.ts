import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, existsSync, lstatSync, rmSync, statSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { HOME_SCRIPT } from '../../../../functions/services/homes/script';
import { harvest, plant, temporaryFolder } from './tree';

const shells = [
  ['sh', ['sh']],
  ['busybox sh', ['busybox', 'sh']],
] as const;
const available = shells.filter(([, [command]]) => spawnSync(command, ['--help']).error === undefined);

describe.each(available)('HOME_SCRIPT in %s', (_, shell) => {
  let folder: string;
  let homes: string;
  beforeEach(() => {
    folder = temporaryFolder();
    homes = plant(join(folder, 'homes'), {});
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const variables = () => ({
    PATH: shell[0] === 'busybox' ? busyboxPath(folder) : (process.env['PATH'] ?? ''),
    HOMES: homes,
    HOME_GROUP: 'hub_lab',
    HOME_USER: '17',
    SKELETON: join(folder, 'skel'),
    SKELETON_LINKS: '-P',
    IGNORE: '',
    OWNER: '',
    ATTEMPT: 'uid-1',
  });
  const run = (over: Record<string, string> = {}, script = HOME_SCRIPT) => {
    const [command, ...rest] = shell;
    const { status, stderr } = spawnSync(command, [...rest, '-c', script], { env: { ...variables(), ...over } });
    return { status, stderr: stderr.toString() };
  };

  test('copies the skeleton without what is ignored, keeps links, and is quiet', () => {
    plant(join(folder, 'skel'), {
      '.bashrc': 'x',
      'a/b c': 'y',
      'a/.x.log': '',
      'c.log': '',
      link: '-> a/b c',
      'k/l': '',
    });
    expect(run({ IGNORE: '*.log\n[k]' })).toEqual({ status: 0, stderr: '' });
    expect(harvest(homes)).toEqual({
      'hub_lab/17/.bashrc': 'x',
      'hub_lab/17/a/b c': 'y',
      'hub_lab/17/link': '-> a/b c',
    });
  });

  test('an existing home is never touched', () => {
    plant(join(folder, 'skel'), { file: 'new' });
    plant(join(homes, 'hub_lab/17'), { mine: '1' });
    expect(run().status).toBe(0);
    expect(harvest(homes)).toEqual({ 'hub_lab/17/mine': '1' });
  });

  test('without a skeleton the home is empty and private', () => {
    expect(run({ SKELETON: '' }).status).toBe(0);
    expect(harvest(homes)).toEqual({ 'hub_lab/17/': '' });
    expect(statSync(join(homes, 'hub_lab/17')).mode & 0o777).toBe(0o700);
  });

  test('a mounted ConfigMap gives plain files', () => {
    plant(join(folder, 'skel'), { '..v1/.profile': 'x', '..data': '-> ..v1', '.profile': '-> ..data/.profile' });
    expect(run({ SKELETON_LINKS: '-L' })).toEqual({ status: 0, stderr: '' });
    expect(harvest(homes)).toEqual({ 'hub_lab/17/.profile': 'x' });
  });

  test('what an earlier try of the same pod left is made anew', () => {
    plant(join(folder, 'skel'), { file: 'x' });
    plant(join(homes, 'hub_lab/.17.uid-1.tmp'), { half: '' });
    expect(run().status).toBe(0);
    expect(harvest(homes)).toEqual({ 'hub_lab/17/file': 'x' });
  });

  test('leftovers of other pods go after an hour', () => {
    plant(join(homes, 'hub_lab/.18.old.tmp'), { half: '' });
    plant(join(homes, 'hub_lab/.18.new.tmp'), { half: '' });
    utimesSync(join(homes, 'hub_lab/.18.old.tmp'), 1, 1);
    expect(run().status).toBe(0);
    expect(Object.keys(harvest(homes))).toEqual(['hub_lab/.18.new.tmp/half', 'hub_lab/17/']);
  });

  test('a home that appears between the check and the move wins', () => {
    plant(join(folder, 'skel'), { file: 'mine' });
    const meanwhile = `mkdir "$home"; echo theirs > "$home/file"\nmv "$new"`;
    expect(run({}, HOME_SCRIPT.replace('\nmv "$new"', `\n${meanwhile}`)).status).toBe(0);
    expect(harvest(homes)).toEqual({ 'hub_lab/17/file': 'theirs\n' });
  });

  test('values are never run as commands', () => {
    const evil = `$(touch ${folder}/pwned) \`touch ${folder}/pwned\`; touch ${folder}/pwned "' *`;
    run({ HOME_GROUP: 'g', HOME_USER: '7', IGNORE: evil, SKELETON: evil, ATTEMPT: 'x' });
    expect(existsSync(join(folder, 'pwned'))).toBe(false);
    expect(harvest(homes)).toEqual({ 'g/7/': '' });
  });

  test('gives the home and its links away when told to', () => {
    const [uid = 0, gid = 0] = process.getuid?.() === 0 ? [1234, 100] : [process.getuid?.(), process.getgid?.()];
    plant(join(folder, 'skel'), { file: 'x', link: '-> file' });
    expect(run({ OWNER: `${uid}:${gid}` })).toEqual({ status: 0, stderr: '' });
    for (const path of ['', 'file', 'link'])
      expect(lstatSync(join(homes, 'hub_lab/17', path))).toMatchObject({ uid, gid });
  });

  test('a volume that is not writable is told with the way out', () => {
    plant(homes, { hub_lab: 'a file in the way' });
    const { status, stderr } = run();
    expect(status).toBe(1);
    expect(stderr).toContain('fsGroup');
  });

  test('a copy that fails leaves no home', () => {
    plant(join(folder, 'skel'), { dangling: '-> nowhere' });
    expect(run({ SKELETON_LINKS: '-L' }).status).not.toBe(0);
    expect(existsSync(join(homes, 'hub_lab/17'))).toBe(false);
  });
});

test('Kubernetes finds nothing to expand in the script', () => {
  expect(HOME_SCRIPT).not.toMatch(/\$\(|\$\$/);
});

/** Nothing but busybox's own tools, as in its image. */
function busyboxPath(folder: string): string {
  const bin = join(folder, 'bin');
  if (!existsSync(bin)) {
    plant(folder, { 'bin/': '' });
    execFileSync('busybox', ['--install', '-s', bin]);
    chmodSync(bin, 0o755);
  }
  return bin;
}
