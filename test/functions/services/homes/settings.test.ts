import { homesSettings } from '../../../../functions/services/homes/settings';

describe('homesSettings', () => {
  test('the defaults are those of the contract', () => {
    expect(homesSettings.parse({})).toEqual({
      mode: 'none',
      base: '/tmp/userhomes',
      skel: '/etc/skel',
      credential_mapping: {},
      service_suffix: {},
      skel_ignore_files: [],
      uid: 1000,
      gid: 1000,
    });
  });

  test('a configured base means homes in a folder, unless another mode is named', () => {
    expect(homesSettings.parse({ base: '/mnt/homes' })).toMatchObject({ mode: 'folder', base: '/mnt/homes' });
    expect(homesSettings.parse({ base: '/mnt/homes', mode: 'none' })).toMatchObject({ mode: 'none' });
  });

  test.each([
    ['an unknown key', { quota: 1 }],
    ['a relative base', { base: 'homes' }],
    ['a negative uid', { uid: -1 }],
    ['a glob that is none', { skel_ignore_files: ['[z-a]'] }],
    ['the init container mode without its section', { mode: 'initContainer' }],
    ['two skeletons', { initContainer: { image: 'i', volume: 'v', skeletonConfigMap: 'c', skeletonPath: '/s' } }],
  ])('%s is refused', (_, section) => {
    expect(homesSettings.safeParse(section).success).toBe(false);
  });
});
