import { counterOf, countersAfter, jobName, labelValue } from '../../../bin/jobs/names';

test.each([
  ['fit', 1, 'shj-fit-00001'],
  ['My_Run.v2', 42, 'shj-my-run-v2-00042'],
  ['--x--', 99_999, 'shj-x-99999'],
  ['größe', 7, 'shj-gr--e-00007'],
])('job %j number %d is %s', (identifier, counter, name) => {
  expect(jobName(identifier, counter)).toBe(name);
  expect(counterOf(identifier, name)).toBe(counter);
});

test.each(['x'.repeat(44), '___', '日本', 'a'.repeat(300), 'x'.repeat(43)])(
  '%j is a name that the API takes',
  (text) => {
    expect(jobName(text, 99_999)).toMatch(/^shj-[a-z0-9]([-a-z0-9]{0,41}[a-z0-9])?-99999$/);
    expect(jobName(text, 99_999).length).toBeLessThanOrEqual(53);
  },
);

test('identifiers that are cut do not share names', () => {
  const long = 'x'.repeat(60);
  expect(jobName(`${long}a`, 1)).not.toBe(jobName(`${long}b`, 1));
});

test.each(['shj-fit-', 'shj-fit-more-00001', 'shj-fit-1x', 'other'])('%s has no counter of fit', (name) => {
  expect(counterOf('fit', name)).toBeUndefined();
});

test('the next counter is tried first, then ever larger steps', () => {
  expect([...countersAfter([3, 1])].slice(0, 5)).toEqual([4, 5, 7, 11, 19]);
  expect([...countersAfter([])][0]).toBe(1);
  expect([...countersAfter([99_999])]).toEqual([]);
});

test.each([
  ['My_Run.v2', /^My_Run\.v2$/],
  ['two words', /^two-words-[0-9a-f]{12}$/],
  ['x'.repeat(64), /^x{50}-[0-9a-f]{12}$/],
])('the label of %j is %p', (text, label) => {
  expect(labelValue(text)).toMatch(label);
});
