// What a commit says in its message: `feat(jobs)!: ...`, and what an operator must know of it, in its footers. Pure.
// https://www.conventionalcommits.org/en/v1.0.0/

export interface Commit {
  readonly hash: string;
  readonly type: string;
  /** `jobs`, or `jobs,reaper`. */
  readonly scope: string | undefined;
  readonly subject: string;
  /** What no longer works as before; empty when all does. */
  readonly breaking: readonly string[];
  /** What to do when upgrading over it. */
  readonly upgrade: readonly string[];
}

const SUBJECT = /^(?<type>[a-z]+)(?:\((?<scope>[^)]+)\))?(?<mark>!)?: (?<subject>.+)$/;
const FOOTER = /^(BREAKING CHANGE|BREAKING-CHANGE|Upgrade): (.+)$/;
/** Any footer, `Signed-off-by: ` and `Fixes #` too; with a small letter at its beginning a line goes on with the sentence before. */
const ANY_FOOTER = /^(?:BREAKING CHANGE|[A-Z][A-Za-z-]*)(?:: | #)/;

/** Undefined for what follows no convention, as merges. */
export function parseCommit(hash: string, message: string): Commit | undefined {
  const [first = '', ...body] = message.trim().split('\n');
  const { type, scope, mark, subject } = SUBJECT.exec(first)?.groups ?? {};
  if (type === undefined || subject === undefined) return undefined;
  const footers = paragraphs(body).flatMap((text) => {
    const [, name, value = ''] = FOOTER.exec(text) ?? [];
    return name === undefined ? [] : [{ isUpgrade: name === 'Upgrade', value }];
  });
  const told = footers.filter(({ isUpgrade }) => !isUpgrade).map(({ value }) => value);
  const upgrade = footers.filter(({ isUpgrade }) => isUpgrade).map(({ value }) => value);
  const breaking = told.length === 0 && mark !== undefined ? [subject] : told;
  return { hash, type, scope, subject, breaking, upgrade };
}

/** A footer begins a paragraph of its own, and goes on to the next one or to an empty line. */
function paragraphs(lines: readonly string[]): readonly string[] {
  const joined: string[] = [];
  let goesOn = false;
  for (const line of lines) {
    const isStart = ANY_FOOTER.test(line) || !goesOn;
    if (line.trim() !== '' && isStart) joined.push(line.trim());
    else if (line.trim() !== '') joined.push(`${joined.pop() ?? ''} ${line.trim()}`);
    goesOn = line.trim() !== '';
  }
  return joined;
}
