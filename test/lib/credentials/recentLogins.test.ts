import { createRecentLogins } from '../../../lib/credentials/recentLogins';

const caller = (name: string) => ({ name, groups: [], superuser: false });
const checkFor = (name: string) => jest.fn(() => Promise.resolve(caller(name)));

test('a header is checked once, also when it comes several times at once', async () => {
  const recent = createRecentLogins(10);
  const check = checkFor('hub');
  const found = await Promise.all([recent.find('a', check), recent.find('a', check)]);
  expect([...found, await recent.find('a', check)]).toEqual([caller('hub'), caller('hub'), caller('hub')]);
  expect(check).toHaveBeenCalledTimes(1);
});

test('a failed check is not remembered', async () => {
  const recent = createRecentLogins(10);
  await expect(recent.find('a', () => Promise.reject(new Error('wrong')))).rejects.toThrow('wrong');
  await expect(recent.find('a', checkFor('hub'))).resolves.toEqual(caller('hub'));
});

test('beyond its size the login not used for longest is forgotten', async () => {
  const recent = createRecentLogins(2);
  const again = checkFor('again');
  await recent.find('a', checkFor('a'));
  await recent.find('b', checkFor('b'));
  await recent.find('a', again);
  await recent.find('c', checkFor('c'));
  await recent.find('a', again);
  expect(again).not.toHaveBeenCalled();
  await recent.find('b', again);
  expect(again).toHaveBeenCalledTimes(1);
});
