import { placeOf } from '../../../../functions/services/homes/place';
import { homesSettings } from '../../../../functions/services/homes/settings';

const settings = homesSettings.parse({
  credential_mapping: { 'hub-b': 'shared', odd: '../../etc' },
  service_suffix: { JupyterLab: '_lab', bad: '/../..' },
});
const request = { credential: 'hub-a', service: 'Other', userId: 17 };

describe('placeOf', () => {
  test.each([
    ['the credential names the group', {}, 'hub-a'],
    ['unless it is mapped', { credential: 'hub-b' }, 'shared'],
    ['a service may have homes of its own', { service: 'JupyterLab' }, 'hub-a_lab'],
    ['names of JavaScript are names like others', { credential: 'constructor', service: 'toString' }, 'constructor'],
    ['a credential may be an e-mail address', { credential: 'a.b+c@example.org' }, 'a.b+c@example.org'],
  ])('%s', (_, change, group) => {
    expect(placeOf(settings, { ...request, ...change })).toEqual({ group, user: '17' });
  });

  test('a negative user id is an integer, too', () => {
    expect(placeOf(settings, { ...request, userId: -3 }).user).toBe('-3');
  });

  test.each([
    ['a credential with a slash', { credential: 'a/b' }],
    ['a credential that climbs', { credential: '..' }],
    ['a hidden one', { credential: '.ssh' }],
    ['an empty one', { credential: '' }],
    ['a mapping that climbs', { credential: 'odd' }],
    ['a suffix that climbs', { service: 'bad' }],
    ['a line break', { credential: 'a\nb' }],
    ['half a user', { userId: 1.5 }],
    ['no user', { userId: Number.NaN }],
  ])('%s is refused', (_, change) => {
    expect(() => placeOf(settings, { ...request, ...change })).toThrow(
      expect.objectContaining({ code: 'unsafe_home' }),
    );
  });
});
