// Stages verify and test, untrusted: run a program of the assignment on the copy, if it has one. Its exit code is the verdict.
// run.js PROGRAM WORK OUT
const { spawnSync } = require('node:child_process');
const { existsSync } = require('node:fs');

const [program, work, out] = process.argv.slice(2);
if (existsSync(program)) {
  const { status, error } = spawnSync(program, [work, out], { stdio: 'inherit' });
  if (error) console.log(error.message);
  process.exitCode = status ?? 1;
}
