import { expand } from '../../../../dev/cluster/kubelet/expansion';

test.each([
  ['$(A)-$(B)', '1-2'],
  ['$$(A)', '$(A)'],
  ['$$$(A)', '$1'],
  ['$(UNKNOWN)', '$(UNKNOWN)'],
  ['$(toString)', '$(toString)'],
  ['$A $ $(', '$A $ $('],
])('%s becomes %s', (text, expected) => {
  expect(expand(text, { A: '1', B: '2' })).toBe(expected);
});
