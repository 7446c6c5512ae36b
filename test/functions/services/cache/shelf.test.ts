// Items are found by group, and whoever listens hears of each change.
import { createShelf } from '../../../../functions/services/cache/shelf';

const item = (uid: string, ...groups: string[]) => ({ uid, groups, value: `value of ${uid}` });

function shelf() {
  const heard: string[] = [];
  const items = createShelf<string>((group, change, uid) => heard.push(`${group} ${change} ${uid}`));
  return { ...items, heard };
}

it('finds what was put by each of its groups', () => {
  const { put, find, has } = shelf();
  put(item('1', 'all', 'a'));
  put(item('2', 'all', 'b'));
  expect([find('all'), find('a'), find('none')]).toEqual([['value of 1', 'value of 2'], ['value of 1'], []]);
  expect([has('1'), has('3')]).toEqual([true, false]);
});

it('forgets the groups that an item has left', () => {
  const { put, find } = shelf();
  put(item('1', 'a'));
  put(item('1', 'b'));
  expect([find('a'), find('b')]).toEqual([[], ['value of 1']]);
});

it('holds after a list what was listed, and tells what is gone', () => {
  const { put, replace, find, heard } = shelf();
  put(item('1', 'a'));
  put(item('2', 'a'));
  heard.length = 0;
  replace([item('2', 'a'), item('3', 'a')]);
  expect(find('a')).toEqual(['value of 2', 'value of 3']);
  expect(heard).toEqual(['a removed 1', 'a put 2', 'a put 3']);
});

it('says nothing of the removal of what was not there', () => {
  const { remove, heard } = shelf();
  remove('9');
  expect(heard).toEqual([]);
});
