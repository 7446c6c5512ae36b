import { pythonText } from '../../../../functions/services/objects/pythonText';

test.each([
  ['text', 'text'],
  ["it's", "it's"],
  [null, 'None'],
  [true, 'True'],
  [false, 'False'],
  [17, '17'],
  [1.5, '1.5'],
  [[1, 'a', null], "[1, 'a', None]"],
  [{ a: 1, b: "it's" }, `{'a': 1, 'b': "it's"}`],
  [{}, '{}'],
  [[`'"`], `['\\'"']`],
  [['a\nb\\'], "['a\\nb\\\\']"],
])('%j is written as %s', (value, expected) => {
  expect(pythonText(value)).toBe(expected);
});
