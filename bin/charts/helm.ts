// What helm does for an index: says whether a chart is sound, and packs it with all that it links to.
import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { AppError } from '../../lib/errors';

const MAX_OUTPUT_BYTES = 8 * 1024 * 1024;

/** Answers the package; `folder` is empty before. */
export async function packWithHelm(helm: string, chart: string, folder: string): Promise<Buffer> {
  await run(helm, ['lint', '--strict', chart]);
  await run(helm, ['package', chart, '--destination', folder]);
  const [file = ''] = readdirSync(folder);
  return readFileSync(join(folder, file));
}

async function run(helm: string, args: readonly string[]): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    execFile(helm, args, { maxBuffer: MAX_OUTPUT_BYTES }, (error, stdout, stderr) => {
      if (error === null) resolve();
      else if (error.code === 'ENOENT') reject(noHelm(helm));
      else reject(new AppError('chart_broken', 400, `helm ${args.join(' ')} failed:\n${told(stdout, stderr)}`));
    });
  });
}

function noHelm(helm: string): AppError {
  const advice = 'install helm 3 or 4 (https://helm.sh/docs/intro/install/), or name it with --helm';
  return new AppError('no_helm', 500, `there is no program ${helm}: ${advice}`);
}

function told(...outputs: readonly string[]): string {
  return outputs
    .flatMap((output) => output.split('\n'))
    .filter((line) => line.trim() !== '' && !line.includes('found symbolic link'))
    .map((line) => `  ${line}`)
    .join('\n');
}
