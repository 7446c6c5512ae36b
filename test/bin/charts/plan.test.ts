// What becomes of a chart, and the order of an index.
import { EMPTY_INDEX, outcomeOf, publishedEntry, withEntries } from '../../../bin/charts/plan';

const chart = { name: 'one', version: '1.0.0', contents: 'abc' };
const entry = (version: string): { name: string; version: string; urls: string[] } => ({
  name: 'one',
  version,
  urls: [`one-${version}.tgz`],
});

test.each([
  [undefined, 'new'],
  ['abc', 'unchanged'],
  ['abd', 'changed'],
])('of contents that are published as %s it is %s', (published, outcome) => {
  expect(outcomeOf(chart, published)).toBe(outcome);
});

test('the newest version is first, and a release comes before what led to it', () => {
  const versions = ['1.9.0', '1.10.0-rc.2', '0.3.0', '1.10.0', '1.10.0-rc.10'];
  const index = withEntries(EMPTY_INDEX, versions.map(entry));

  const order = ['1.10.0', '1.10.0-rc.10', '1.10.0-rc.2', '1.9.0', '0.3.0'];
  expect(index.entries['one']?.map(({ version }) => version)).toEqual(order);
});

test('an entry is found by name and version', () => {
  const index = withEntries(EMPTY_INDEX, [entry('1.0.0'), entry('1.0.1')]);

  expect(publishedEntry(index, chart)).toEqual(entry('1.0.0'));
  expect(publishedEntry(index, { ...chart, name: 'two' })).toBeUndefined();
});
