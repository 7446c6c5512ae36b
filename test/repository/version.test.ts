// The version is in package.json; whatever repeats it was made from there.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(__dirname, '../..');
const read = (file: string): string => readFileSync(join(root, file), 'utf8');
const { version } = JSON.parse(read('package.json')) as { readonly version: string };

test('it is one that can be compared', () => {
  expect(version).toMatch(/^\d+\.\d+\.\d+(-[\w.]+)?$/);
});

test('the lockfile has the same', () => {
  const lock = JSON.parse(read('package-lock.json')) as {
    version: string;
    packages: Record<string, { version: string }>;
  };
  expect([lock.version, lock.packages['']?.version]).toEqual([version, version]);
});

test('the changelog tells of it first: npm run release:notes', () => {
  expect(read('CHANGELOG.md').match(/^## (\S+) \(\d{4}-\d\d-\d\d\)$/m)?.[1]).toBe(version);
});
