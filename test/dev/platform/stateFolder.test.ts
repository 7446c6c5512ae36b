import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openStateFolder } from '../../../dev/platform/stateFolder';

let path: string;
beforeEach(() => (path = join(mkdtempSync(join(tmpdir(), 'state-')), '.hub-functions')));
afterEach(() => rmSync(join(path, '..'), { recursive: true }));

test('a run begins with an empty folder and a password of its own', () => {
  const first = openStateFolder(path, false);
  writeFileSync(join(path, 'left'), 'behind');
  first.release();
  const second = openStateFolder(path, false);
  expect(existsSync(join(path, 'left'))).toBe(false);
  expect(second.password).not.toBe(first.password);
  expect(readFileSync(join(path, 'password'), 'utf8')).toBe(second.password);
});

test('what was there can be kept', () => {
  const first = openStateFolder(path, false);
  writeFileSync(join(path, 'left'), 'behind');
  first.release();
  expect(openStateFolder(path, true).password).toBe(first.password);
  expect(existsSync(join(path, 'left'))).toBe(true);
});

test('secrets are for their owner only', () => {
  openStateFolder(path, false);
  expect(statSync(path).mode & 0o077).toBe(0);
  expect(statSync(join(path, 'password')).mode & 0o077).toBe(0);
});

test('a folder in use is refused, one of an ended process is not', () => {
  openStateFolder(path, false);
  expect(() => openStateFolder(path, false)).toThrow(`process ${process.pid} uses ${path}`);
  writeFileSync(join(path, 'pid'), '2147483647');
  expect(() => openStateFolder(path, false)).not.toThrow();
});
