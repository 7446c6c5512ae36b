// Stage results, trusted: keeps what the untrusted stages wrote beside the copy, and chooses what its owner gets of it.
// results.js COPY ASSIGNMENTS STORE VERIFIED TESTED HANDOUT. A program `results` of the assignment may choose; else it is all of it.
const { spawnSync } = require('node:child_process');
const { existsSync, rmSync } = require('node:fs');
const { join } = require('node:path');

const [copyScript, assignments, store, verified, tested, handout] = process.argv.slice(2);
const { copy, makeFolders, openFolder } = require(copyScript);
const { ID: id, STUDENT: user, ASSIGNMENT: assignment } = process.env;
const LIMITS = { bytes: 64 * 1024 * 1024, files: 1000 };

const whole = join(store, assignment, user, id);
if (existsSync(whole)) {
  rmSync(join(whole, 'results'), { recursive: true, force: true });
  const kept = makeFolders(openFolder(store), [assignment, user, id, 'results']);
  const left = { ...LIMITS };
  for (const [name, folder] of Object.entries({ verified, tested })) {
    copy(openFolder(folder), '.', makeFolders(kept, [name]), { left }, name);
  }
  const program = join(assignments, assignment, 'results');
  if (existsSync(program))
    process.exitCode = spawnSync(program, [join(whole, 'results'), handout], { stdio: 'inherit' }).status ?? 1;
  else copy(kept, '.', openFolder(handout), { left: { ...LIMITS } }, 'results');
} else {
  // Setup was ended while it took it.
  rmSync(`${whole}.part`, { recursive: true, force: true });
}
