// The sample's scripts: of what is not received whole, nothing stays in the store.
import { spawnSync } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const RECEIPT_KEY = generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }) as string;
const OF_SETUP = ['home', 'assignments', 'store', 'work', 'tests', 'handout'];
const OF_RESULTS = ['assignments', 'store', 'verified', 'tested', 'handout'];

let root: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'hub-functions-scripts-'));
  for (const name of [...OF_SETUP, ...OF_RESULTS, 'assignments/hw1']) mkdirSync(join(root, name), { recursive: true });
  writeFileSync(join(root, 'home/answer.txt'), '42');
});

afterEach(() => rmSync(root, { recursive: true }));

function run(script: string, folders: readonly string[], more: Readonly<Record<string, string>> = {}): number | null {
  const paths = [script, 'copy.js'].map((name) => resolve('descriptions/submission', name));
  const env = { ...process.env, ID: 'x', STUDENT: 'alice', ASSIGNMENT: 'hw1', SUBMITTED: 'answer.txt', RECEIPT_KEY };
  const args = [...paths, ...folders.map((name) => join(root, name))];
  return spawnSync(process.execPath, args, { env: { ...env, ...more } }).status;
}

const kept = (): readonly string[] => readdirSync(join(root, 'store/hw1/alice')).toSorted();

test('what is rejected leaves a reason to its owner, and nothing in the store', () => {
  expect(run('setup.js', OF_SETUP, { SHA256: 'a'.repeat(64) })).toBe(1);

  expect(kept()).toEqual([]);
  expect(readFileSync(join(root, 'handout/rejected.txt'), 'utf8')).toMatch(/^its sha256 is another one/);
});

test('an attempt that comes again finds what was received', () => {
  expect(run('setup.js', OF_SETUP)).toBe(0);
  const receipt = readFileSync(join(root, 'store/hw1/alice/x/receipt.json'), 'utf8');
  expect(run('setup.js', OF_SETUP)).toBe(0);

  expect(kept()).toEqual(['x']);
  expect(readFileSync(join(root, 'store/hw1/alice/x/receipt.json'), 'utf8')).toBe(receipt);
});

test('what setup had begun when its time was over goes with the results, and nobody else’s', () => {
  for (const part of ['x.part/files', 'y.part']) mkdirSync(join(root, 'store/hw1/alice', part), { recursive: true });
  expect(run('results.js', OF_RESULTS)).toBe(0);

  expect(kept()).toEqual(['y.part']);
});

test('where nothing was ever begun, results have nothing to do', () => {
  expect(run('results.js', OF_RESULTS)).toBe(0);
  expect(existsSync(join(root, 'store/hw1'))).toBe(false);
});
