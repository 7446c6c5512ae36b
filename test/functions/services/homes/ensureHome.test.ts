import { chmodSync, existsSync, lstatSync, mkdirSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { System } from '../../../../functions/services/homes/ensureHome';
import { ensureHome } from '../../../../functions/services/homes/ensureHome';
import { homesSettings } from '../../../../functions/services/homes/settings';
import { harvest, plant, temporaryFolder } from './tree';

const request = { credential: 'hub', service: 'JupyterLab', userId: 17 };
/** Only root may give files away. */
const [uid = 0, gid = 0] = process.getuid?.() === 0 ? [1234, 100] : [process.getuid?.(), process.getgid?.()];

let folder: string;
let base: string;
let skel: string;
let owners: [string, number, number][];
let system: System;

beforeEach(() => {
  folder = temporaryFolder();
  base = join(folder, 'homes');
  skel = join(folder, 'skel', 'hub');
  owners = [];
  system = { now: () => new Date(), chown: async (...call) => void owners.push(call) };
});
afterEach(() => rmSync(folder, { recursive: true }));

const settingsOf = (rest: object = {}) => homesSettings.parse({ base, skel: join(folder, 'skel'), ...rest });
const ensure = async (rest: object = {}, over: Partial<System> = {}) =>
  ensureHome(settingsOf(rest), request, { ...system, ...over });

describe('ensureHome', () => {
  test('copies the skeleton with its modes (folders always open to their owner), without what is ignored at any level', async () => {
    plant(skel, {
      '.bashrc': 'PS1=$',
      'work/notes.md': 'hi',
      'work/a.log': '',
      'old.log': '',
      'cache/x': '1',
      'empty/': '',
    });
    chmodSync(join(skel, 'work/notes.md'), 0o640);
    chmodSync(join(skel, 'work'), 0o550);
    chmodSync(skel, 0o750);
    await ensure({ skel_ignore_files: ['*.log', 'cache'] });
    const home = join(base, 'hub/17');
    expect(harvest(home)).toEqual({ '.bashrc': 'PS1=$', 'empty/': '', 'work/notes.md': 'hi' });
    expect(['', 'work', 'work/notes.md'].map((path) => statSync(join(home, path)).mode & 0o777)).toEqual([
      0o750, 0o750, 0o640,
    ]);
  });

  test('maps the credential and adds the suffix of the service, for home and skeleton', async () => {
    plant(join(folder, 'skel/shared_lab'), { file: 'of shared_lab' });
    await ensure({ credential_mapping: { hub: 'shared' }, service_suffix: { JupyterLab: '_lab' } });
    expect(harvest(base)).toEqual({ 'shared_lab/17/file': 'of shared_lab' });
  });

  test('an existing home is never touched, not even an empty one', async () => {
    plant(skel, { file: 'new' });
    plant(join(base, 'hub/17'), { 'mine/': '' });
    mkdirSync(join(base, 'hub/18'));
    await ensure();
    await ensureHome(settingsOf(), { ...request, userId: 18 }, system);
    expect(harvest(base)).toEqual({ 'hub/17/mine/': '', 'hub/18/': '' });
    expect(owners).toEqual([]);
  });

  test('without a skeleton the home is empty and private, and nothing is made where skeletons are', async () => {
    await ensure();
    expect(harvest(base)).toEqual({ 'hub/17/': '' });
    expect(statSync(join(base, 'hub/17')).mode & 0o777).toBe(0o700);
    expect(existsSync(join(folder, 'skel'))).toBe(false);
  });

  test('everything is given to the owner before the home appears, links themselves and not their targets', async () => {
    plant(skel, { 'a/b': '', link: '-> a/b' });
    const seen: boolean[] = [];
    await ensure(
      { uid: 1234, gid: 100 },
      {
        chown: async (...call) => {
          seen.push(existsSync(join(base, 'hub/17')));
          owners.push(call);
        },
      },
    );
    expect(seen).toEqual([false, false, false, false]);
    expect(owners.map(([path, ...owner]) => [path.replace(/^.*\.tmp/, ''), ...owner])).toEqual(
      expect.arrayContaining([
        ['', 1234, 100],
        ['/a', 1234, 100],
        ['/a/b', 1234, 100],
        ['/link', 1234, 100],
      ]),
    );
  });

  test('really changes the owner', async () => {
    plant(skel, { file: '', link: '-> file' });
    await ensureHome(settingsOf({ uid, gid }), request);
    for (const path of ['', 'file', 'link']) expect(lstatSync(join(base, 'hub/17', path))).toMatchObject({ uid, gid });
  });

  test('a home that cannot be given away is told with the way out, and nothing half-owned stays', async () => {
    plant(skel, { file: '' });
    const refusal = Object.assign(new Error('EPERM'), { code: 'EPERM' });
    const attempt = ensure({}, { chown: async () => Promise.reject(refusal) });
    await expect(attempt).rejects.toMatchObject({ code: 'home_owner', message: expect.stringContaining('1000:1000') });
    expect(harvest(base)).toEqual({ 'hub/': '' });
  });

  test('any other failure is told once, with its cause', async () => {
    plant(folder, { homes: 'a file where the base should be' });
    await expect(ensure()).rejects.toMatchObject({ code: 'home_failed', status: 500, cause: { code: 'ENOTDIR' } });
  });

  test('many starts at once make one home and leave nothing beside it', async () => {
    plant(skel, { 'a/b/c': 'x', d: 'y' });
    await Promise.all(Array.from({ length: 8 }, async () => ensure()));
    expect(harvest(base)).toEqual({ 'hub/17/a/b/c': 'x', 'hub/17/d': 'y' });
  });

  test('a home that appears while the copy is made wins, even an empty one', async () => {
    plant(skel, { file: 'mine' });
    await ensure({}, { chown: async () => void mkdirSync(join(base, 'hub/17'), { recursive: true }) });
    expect(harvest(base)).toEqual({ 'hub/17/': '' });
  });

  test('leftovers of a crash are removed after an hour, younger ones and other files stay', async () => {
    const now = new Date('2026-11-20T12:00:00Z');
    const names = ['.17.0123456789abcdef.tmp', '.18.0123456789abcdef.tmp', '.keep.tmp'];
    for (const [index, name] of names.entries()) {
      plant(join(base, 'hub', name), { file: '' });
      const age = index === 1 ? 59 : 61;
      const time = new Date(now.getTime() - age * 60_000);
      utimesSync(join(base, 'hub', name), time, time);
    }
    await ensure({}, { now: () => now });
    expect(Object.keys(harvest(base))).toEqual(['hub/.18.0123456789abcdef.tmp/file', 'hub/.keep.tmp/file', 'hub/17/']);
  });

  test('a link that leads out of the skeleton is refused, and no home is left', async () => {
    writeFileSync(join(folder, 'secret'), 'token');
    plant(skel, { 'a/link': '-> ../../../secret' });
    await expect(ensure()).rejects.toMatchObject({ code: 'skeleton_link' });
    expect(harvest(base)).toEqual({ 'hub/': '' });
  });

  test.each(['none', 'initContainer'])('mode "%s" makes nothing', async (mode) => {
    await ensure({ mode, initContainer: { image: 'busybox', volume: 'homes' } });
    expect(existsSync(base)).toBe(false);
  });
});
