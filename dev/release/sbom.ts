// `npm run release:sbom`: writes dist/sbom.cdx.json, the packages of which bundles are made, as CycloneDX.
import { execFile } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { reproducible } from './bill';
import { commitTime } from './git';

/** The lockfile is what is installed everywhere; packages of tests and of the build are not part of what is shipped. */
const NPM = [
  'sbom',
  '--sbom-format',
  'cyclonedx',
  '--sbom-type',
  'application',
  '--omit',
  'dev',
  '--package-lock-only',
];
const MAX_BYTES = 64 * 1024 * 1024;

async function writeBill(folder: string): Promise<void> {
  const { stdout } = await promisify(execFile)('npm', NPM, { cwd: folder, maxBuffer: MAX_BYTES });
  const { name } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { readonly name: string };
  const bill = reproducible(JSON.parse(stdout) as object, { name, time: await commitTime(folder) });
  mkdirSync(join(folder, 'dist'), { recursive: true });
  writeFileSync(join(folder, 'dist/sbom.cdx.json'), `${JSON.stringify(bill, null, 2)}\n`);
  process.stdout.write('dist/sbom.cdx.json\n');
}

writeBill(process.cwd()).catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
