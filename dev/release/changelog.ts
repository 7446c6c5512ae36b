// The changelog: a section for each version, of what commits say. Pure.
import type { Commit } from './commit';

export interface Release {
  readonly version: string;
  /** YYYY-MM-DD */
  readonly date: string;
  /** Newest first. */
  readonly commits: readonly Commit[];
}

const TITLE = `# Changelog

Made of commits by \`npm run release:notes\`; how releases are made is in [docs/releases.md](docs/releases.md), what to do when upgrading in
[docs/upgrading.md](docs/upgrading.md).
`;

/** What users and operators notice; the rest is in the history. */
const HEADINGS: readonly (readonly [type: string, heading: string])[] = [
  ['feat', 'New'],
  ['fix', 'Fixed'],
  ['perf', 'Faster'],
];

export function section({ version, date, commits: all }: Release): string {
  const commits = all.filter((commit) => !isInternal(commit));
  const parts = [
    part(
      'No longer as before',
      notes(commits, ({ breaking }) => breaking),
    ),
    part(
      'When you upgrade',
      notes(commits, ({ upgrade }) => upgrade),
    ),
    ...HEADINGS.map(([type, heading]) =>
      part(heading, sorted(commits.filter((commit) => commit.type === type)).map(line)),
    ),
  ].filter((text) => text !== '');
  const body = parts.length > 0 ? parts.join('\n') : 'Nothing that users or operators notice.\n';
  return `## ${version} (${date})\n\n${body}`;
}

/** In place of the section of the same version, else above all others. */
export function withSection(changelog: string, version: string, text: string): string {
  const sections = changelog.split(/^(?=## )/m).filter((each) => each.startsWith('## '));
  const others = sections.filter((each) => !each.startsWith(`## ${version} `)).map((each) => `${each.trimEnd()}\n`);
  return [TITLE, `${text.trimEnd()}\n`, ...others].join('\n');
}

function part(heading: string, lines: readonly string[]): string {
  return lines.length === 0 ? '' : `### ${heading}\n\n${lines.map((text) => `- ${text}\n`).join('')}`;
}

function notes(commits: readonly Commit[], of: (commit: Commit) => readonly string[]): readonly string[] {
  return sorted(commits).flatMap((commit) => of(commit).map((text) => `${prefix(commit)}${escaped(text)}`));
}

function line(commit: Commit): string {
  return `${prefix(commit)}${escaped(commit.subject)} (${commit.hash.slice(0, 7)})`;
}

function prefix({ scope }: Commit): string {
  return scope === undefined ? '' : `**${scope.replaceAll(',', ', ')}**: `;
}

/** Nobody runs these but who works on the project. */
const INTERNAL: ReadonlySet<string> = new Set(['bench', 'contract', 'hub', 'repo', 'repository', 'test']);

function isInternal({ scope = '' }: Commit): boolean {
  return scope !== '' && scope.split(',').every((each) => INTERNAL.has(each.trim()));
}

/** By what they are about, and among these the newest first. */
function sorted(commits: readonly Commit[]): readonly Commit[] {
  return commits.toSorted((a, b) => (a.scope ?? '').localeCompare(b.scope ?? '', 'en'));
}

/** What Markdown would take for something else. */
function escaped(text: string): string {
  return text.replaceAll(/[\\*_<>[\]]/g, String.raw`\$&`);
}
