import { createWindow } from '../../../functions/reaper/window';

function leaving(size: number, times: readonly number[]): readonly (number | undefined)[] {
  const window = createWindow<number>();
  return times.map((at) => window.offer({ group: 'a', size, at, value: at }));
}

test('whoever has as many newer ones leaves, in whatever order they come', () => {
  expect(leaving(2, [1, 2, 3, 4])).toEqual([undefined, undefined, 1, 2]);
  expect(leaving(2, [4, 3, 2, 1])).toEqual([undefined, undefined, 2, 1]);
  expect(leaving(2, [2, 4, 1, 3])).toEqual([undefined, undefined, 1, 2]);
});

test('where none may stay, each leaves at once', () => {
  expect(leaving(0, [1, 2])).toEqual([1, 2]);
});

test('groups do not compete', () => {
  const window = createWindow<string>();
  expect(window.offer({ group: 'a', size: 1, at: 1, value: 'a' })).toBeUndefined();
  expect(window.offer({ group: 'b', size: 1, at: 2, value: 'b' })).toBeUndefined();
});
