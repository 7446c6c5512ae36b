// `npm run release:notes`: writes the section of this version into CHANGELOG.md, from the commits since the last release.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { section, withSection } from './changelog';
import { commitsSince, commitTime, lastTag } from './git';

async function writeNotes(folder: string): Promise<void> {
  const { version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { readonly version: string };
  const tag = await lastTag(folder, version);
  const commits = await commitsSince(folder, tag);
  // Of the commit, not of today: the same history makes the same file.
  const date = (await commitTime(folder)).toISOString().slice(0, 10);
  const file = join(folder, 'CHANGELOG.md');
  const existing = existsSync(file) ? readFileSync(file, 'utf8') : '';
  writeFileSync(file, withSection(existing, version, section({ version, date, commits })));
  process.stdout.write(`CHANGELOG.md: ${version}, ${commits.length} commits since ${tag ?? 'the beginning'}\n`);
}

writeNotes(process.cwd()).catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
