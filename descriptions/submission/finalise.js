// Stage finalise, trusted: writes receipt and results to the claim of who has submitted, where links may lie in wait.
// finalise.js COPY STORE HANDOUT HOME
const { existsSync } = require('node:fs');
const { join } = require('node:path');

const [copyScript, store, handout, home] = process.argv.slice(2);
const { copy, makeFolders, openFolder } = require(copyScript);
const { ID: id, STUDENT: user, ASSIGNMENT: assignment } = process.env;
const LIMITS = { bytes: 64 * 1024 * 1024, files: 1000 };

const whole = join(store, assignment, user, id);
const target = makeFolders(openFolder(home), ['submissions', assignment, id]);
const left = { ...LIMITS };
for (const name of ['receipt.json', 'receipt.sig']) {
  if (existsSync(join(whole, name))) copy(openFolder(whole), name, target, { left });
}
copy(openFolder(handout), '.', makeFolders(target, ['results']), { left }, 'results');
