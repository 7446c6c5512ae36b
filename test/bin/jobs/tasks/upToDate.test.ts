import { mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isUpToDate } from '../../../../bin/jobs/tasks/upToDate';

let root: string;

beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'up-to-date-'));
  for (const [name, seconds] of Object.entries({ old: 1_000, middle: 2_000, young: 3_000 })) {
    writeFileSync(join(root, name), '');
    utimesSync(join(root, name), seconds, seconds);
  }
});
afterAll(() => rmSync(root, { recursive: true }));

const paths = (names: readonly string[]) => names.map((name) => join(root, name));

test.each<[string, readonly string[], readonly string[], boolean, boolean]>([
  ['no outputs', ['old'], [], false, false],
  ['an output that exists', ['young'], ['old'], false, true],
  ['an output that is missing', [], ['old', 'none'], false, false],
  ['an output below a file', [], ['old/none'], false, false],
  ['newer outputs', ['old'], ['middle', 'young'], true, true],
  ['an output that is older than an input', ['old', 'middle'], ['old', 'young'], true, false],
  ['an input that is missing', ['none'], ['young'], true, false],
  ['no inputs', [], ['old'], true, true],
])('%s', async (_what, inputs, outputs, isByTime, expected) => {
  expect(await isUpToDate({ inputs: paths(inputs), outputs: paths(outputs) }, isByTime)).toBe(expected);
});
