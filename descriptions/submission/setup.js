// Stage setup, trusted: takes an immutable copy of what is submitted, and signs for it.
// setup.js COPY HOME ASSIGNMENTS STORE WORK TESTS HANDOUT: copy.js, and folders of this pod.
const { createHash, createPrivateKey, sign } = require('node:crypto');
const { existsSync, readFileSync, renameSync, rmSync, writeFileSync } = require('node:fs');
const { join } = require('node:path');

const [copyScript, home, assignments, store, work, tests, handout] = process.argv.slice(2);
const { copy, descend, makeFolders, openFolder } = require(copyScript);
const { ID: id, STUDENT: user, ASSIGNMENT: assignment, SUBMITTED: path, SHA256: sha256, SHA1: sha1 } = process.env;
const MEBIBYTE = 1024 * 1024;
const whole = join(store, assignment, user, id);
const part = `${whole}.part`;

/** `limits.json` of the assignment: `{"bytes": ..., "files": ...}`. */
function limits() {
  const file = join(assignments, assignment, 'limits.json');
  const given = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {};
  return { bytes: 16 * MEBIBYTE, files: 1000, ...given };
}

/** Of one file its own digest, of a folder that of the list which `sha256sum` would print. */
function digestOf(files, algorithm) {
  if (files.length === 1 && !files[0].path.includes('/')) return files[0][algorithm];
  const lines = files.map((file) => `${file[algorithm]}  ${file.path}\n`).join('');
  return createHash(algorithm).update(lines).digest('hex');
}

function snapshot(folder) {
  const steps = path.split('/');
  const name = steps.pop();
  rmSync(join(folder, 'files'), { recursive: true, force: true });
  const into = makeFolders(openFolder(folder), ['files']);
  const files = copy(descend(openFolder(home), steps), name, into, { left: limits(), mode: 0o444 });
  if (files.length === 0) throw new Error('there is no file in it');
  for (const [algorithm, expected] of Object.entries({ sha256, sha1 })) {
    if (expected && digestOf(files, algorithm) !== expected)
      throw new Error(`its ${algorithm} is another one than was announced`);
  }
  return files;
}

function receiptFor(files) {
  const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
  const listed = files.map((file) => ({ path: file.path, bytes: file.bytes, sha256: file.sha256 }));
  const receivedAt = new Date().toISOString();
  return { id, user, assignment, path, sha256: digestOf(files, 'sha256'), bytes, files: listed, receivedAt };
}

/** Done in a folder of another name, which gets its own at last: what is there is whole, and an attempt that comes again finds it. */
function keep() {
  if (!existsSync(join(assignments, assignment))) throw new Error(`there is no assignment ${assignment}`);
  if (existsSync(whole)) return;
  makeFolders(openFolder(store), [assignment, user, `${id}.part`]);
  const receipt = JSON.stringify(receiptFor(snapshot(part)), undefined, 2);
  writeFileSync(join(part, 'receipt.json'), receipt);
  const signature = sign(null, Buffer.from(receipt), createPrivateKey(process.env.RECEIPT_KEY));
  writeFileSync(join(part, 'receipt.sig'), signature.toString('base64'));
  renameSync(part, whole);
}

const ENOUGH = { bytes: Number.MAX_SAFE_INTEGER, files: Number.MAX_SAFE_INTEGER };

function handOver(from, name, to, mode) {
  if (!existsSync(join(from, name))) return;
  rmSync(join(to, name), { recursive: true, force: true });
  copy(openFolder(from), name, openFolder(to), { left: { ...ENOUGH }, mode });
}

try {
  keep();
  handOver(whole, 'files', work, 0o444);
  for (const name of ['verify', 'test', 'data']) handOver(join(assignments, assignment), name, tests, 0o555);
  console.log(`received ${id}`);
} catch (error) {
  console.log(error);
  writeFileSync(join(handout, 'rejected.txt'), `${error.message}\n`);
  process.exitCode = 1;
  rmSync(part, { recursive: true, force: true });
}
