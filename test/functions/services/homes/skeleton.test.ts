import { execFileSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { globMatcher } from '../../../../lib/glob';
import { copySkeleton } from '../../../../functions/services/homes/skeleton';
import type { Tree } from './tree';
import { harvest, plant, temporaryFolder } from './tree';

let folder: string;
beforeEach(() => {
  folder = temporaryFolder();
});
afterEach(() => rmSync(folder, { recursive: true }));

const copied = async (tree: Tree, ignored: readonly string[] = []) => {
  const root = plant(join(folder, 'skel'), tree);
  await copySkeleton(root, join(folder, 'home'), globMatcher(ignored));
  return harvest(join(folder, 'home'));
};

describe('copySkeleton', () => {
  test('links inside stay links, relative ones as they are', async () => {
    const tree = { 'a/file': 'x', 'a/up': '-> ../b', b: 'y', dir: '-> a', self: '-> .', dangling: '-> a/later' };
    expect(await copied(tree)).toEqual(tree);
  });

  test('an absolute link inside becomes relative, so that it does not point to the skeleton', async () => {
    const target = join(folder, 'skel/a/file');
    expect(await copied({ 'a/file': 'x', 'b/link': `-> ${target}` })).toEqual({
      'a/file': 'x',
      'b/link': '-> ../a/file',
    });
  });

  test.each([
    ['an absolute link', '-> /etc/passwd'],
    ['a relative link', '-> ../outside'],
    ['a link to the folder of skeletons', '-> ..'],
  ])('%s out of the skeleton is refused', async (_, link) => {
    await expect(copied({ link })).rejects.toMatchObject({ code: 'skeleton_link' });
  });

  test('a link out of the skeleton that is left out harms nobody', async () => {
    expect(await copied({ link: '-> /etc/passwd', file: 'x' }, ['link'])).toEqual({ file: 'x' });
  });

  test('a way out behind something that is left out is refused, too', async () => {
    await expect(copied({ '.hidden': '-> /etc', link: '-> .hidden/passwd' }, ['.hidden'])).rejects.toMatchObject({
      code: 'skeleton_link',
    });
  });

  test('a mounted ConfigMap gives plain files', async () => {
    const mounted = {
      '..2026_11_20/.bashrc': 'PS1=$',
      '..2026_11_20/conf/a': '1',
      '..data': '-> ..2026_11_20',
      '.bashrc': '-> ..data/.bashrc',
      conf: '-> ..data/conf',
    };
    expect(await copied(mounted)).toEqual({ '.bashrc': 'PS1=$', 'conf/a': '1' });
  });

  test('links that are left out and point to each other do not go round for ever', async () => {
    await expect(copied({ '.x/loop': '-> ../.x', a: '-> .x' }, ['.x'])).rejects.toMatchObject({
      code: 'skeleton_link',
    });
  });

  test('pipes and the like are left out', async () => {
    const root = plant(join(folder, 'skel'), { file: 'x' });
    execFileSync('mkfifo', [join(root, 'pipe')]);
    expect(await copied({})).toEqual({ file: 'x' });
  });

  test('the skeleton itself may be a link', async () => {
    plant(join(folder, 'real'), { file: 'x' });
    plant(folder, { linked: '-> real' });
    await copySkeleton(join(folder, 'linked'), join(folder, 'home'), () => false);
    expect(harvest(join(folder, 'home'))).toEqual({ file: 'x' });
  });
});
