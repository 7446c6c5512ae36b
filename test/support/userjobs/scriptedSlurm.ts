// Programs that are called like Slurm's, for what the real ones do on a bad day only: they take jobs, and say what they are told to say.
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface ScriptedSlurm {
  /** `bin` of the host's configuration. */
  readonly folder: string;
  /** What sbatch does once it has taken a job, as lines of a shell. */
  readonly sbatchEnds: (lines: string) => void;
  /** Names of the jobs that were submitted. */
  readonly submitted: () => readonly string[];
  /** Numbers of the jobs that were cancelled. */
  readonly cancelled: () => readonly number[];
  readonly close: () => void;
}

const TELL_NUMBER = 'echo "$number"';

export function createScriptedSlurm(): ScriptedSlurm {
  const folder = mkdtempSync(join(tmpdir(), 'hub-functions-scripted-slurm-'));
  const program = (name: string, lines: string): void => {
    writeFileSync(join(folder, name), `#!/bin/sh\ncd ${folder}\n${lines}\n`);
    chmodSync(join(folder, name), 0o755);
  };
  const linesOf = (name: string): readonly string[] =>
    existsSync(join(folder, name)) ? readFileSync(join(folder, name), 'utf8').split('\n').filter(Boolean) : [];
  const sbatchEnds = (lines: string): void =>
    program(
      'sbatch',
      `cat > /dev/null
for word; do case $word in --job-name=*) echo "\${word#*=}" >> jobs; esac; done
number=$(wc -l < jobs)
${lines}`,
    );
  sbatchEnds(TELL_NUMBER);
  // Asked for a name it tells the number, asked for a number how the job is.
  program(
    'squeue',
    `for word; do case $word in
  --name=*) grep -n -x -- "\${word#*=}" jobs | cut -d : -f 1;;
  --jobs=*) echo "PENDING::$(id -un):Resources:$(sed -n "\${word#*=}p" jobs)";;
esac; done`,
  );
  program('sacct', 'exit 1');
  program('scancel', 'for number; do :; done; echo "$number" >> cancelled');
  return {
    folder,
    sbatchEnds,
    submitted: () => linesOf('jobs'),
    cancelled: () => linesOf('cancelled').map(Number),
    close: () => rmSync(folder, { recursive: true, force: true }),
  };
}
