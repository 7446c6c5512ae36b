// What a Dockerfile tells without being built: its stages, what they stand on, and the comments that name its image. Pure.

export interface Stage {
  /** In lower case, as builders compare it. */
  readonly name?: string;
  /** As written, variables filled in from ARGs before the first stage and build arguments. */
  readonly base: string;
}

export interface Dockerfile {
  readonly stages: readonly Stage[];
  /** Images of other places whose contents are not told by their names: they have no digest. */
  readonly unpinned: readonly string[];
  /** `#IMAGE`, `#TAG` and `#TARGET` with what follows. */
  readonly comments: readonly Comment[];
}

export interface Comment {
  readonly line: number;
  readonly word: string;
  readonly rest: string;
}

export type BuildArguments = Readonly<Record<string, string>>;

interface Instruction {
  readonly keyword: string;
  readonly rest: string;
}

const DIGEST = /@sha256:[0-9a-f]{64}$/;
/** Without anything in it, so there is nothing to pin. */
const SCRATCH = 'scratch';

export function parseDockerfile(text: string, given: BuildArguments): Dockerfile {
  const lines = text.split(/\r?\n/);
  const instructions = instructionsIn(lines);
  const args = globalArguments(instructions, given);
  const stages = instructions.filter(({ keyword }) => keyword === 'FROM').map(({ rest }) => stageOf(rest, args));
  return { stages, unpinned: unpinnedIn(instructions, stages), comments: commentsIn(lines) };
}

function commentsIn(lines: readonly string[]): readonly Comment[] {
  return lines.flatMap((line, index) => {
    const [, word, rest = ''] = /^#(IMAGE|TAG|TARGET)\b\s*(.*?)\s*$/.exec(line) ?? [];
    return word === undefined ? [] : [{ line: index + 1, word, rest }];
  });
}

/** Lines that go on are one; comments between them are none; what a here-document holds is no instruction. */
function instructionsIn(lines: readonly string[]): readonly Instruction[] {
  const found: Instruction[] = [];
  const waiting: string[] = [];
  let text = '';
  for (const line of lines) {
    if (waiting.length > 0) {
      if (line.replace(/^\t+/, '') === waiting[0]) waiting.shift();
      continue;
    }
    if (/^\s*(#|$)/.test(line)) continue;
    text += line.replace(/\\\s*$/, ' ');
    if (/\\\s*$/.test(line)) continue;
    const [, keyword = '', rest = ''] = /^\s*(\S+)\s*(.*?)\s*$/.exec(text) ?? [];
    found.push({ keyword: keyword.toUpperCase(), rest });
    if (/^\s*(RUN|COPY|ADD)\b/i.test(text)) waiting.push(...documentsIn(text));
    text = '';
  }
  return found;
}

/** The words that end the here-documents which begin on the line. */
function documentsIn(text: string): readonly string[] {
  return [...text.matchAll(/<<-?(["']?)([A-Za-z_]\w*)\1/g)].map(([, , word = '']) => word);
}

/** Only these are known to FROM. */
function globalArguments(instructions: readonly Instruction[], given: BuildArguments): BuildArguments {
  const first = instructions.findIndex(({ keyword }) => keyword === 'FROM');
  const before = instructions.slice(0, Math.max(0, first)).filter(({ keyword }) => keyword === 'ARG');
  const declared = before.map(({ rest }): [string, string] => {
    const [, name = '', value = ''] = /^([^=\s]+)(?:=(.*))?$/.exec(rest) ?? [];
    return [name, given[name] ?? value.replace(/^(["'])(.*)\1$/, '$2')];
  });
  return Object.fromEntries(declared);
}

function stageOf(rest: string, args: BuildArguments): Stage {
  const [base = '', , name] = rest.split(/\s+/).filter((word) => !word.startsWith('--'));
  return { base: filled(base, args), ...(name !== undefined && { name: name.toLowerCase() }) };
}

function filled(text: string, args: BuildArguments): string {
  return text.replace(/\$(?:\{\w+(?::-[^}]*)?\}|\w+)/g, (variable) => {
    const [, name = '', otherwise = ''] = /^\$\{?(\w+)(?::-(.*)\})?/.exec(variable) ?? [];
    return args[name] || otherwise;
  });
}

function unpinnedIn(instructions: readonly Instruction[], stages: readonly Stage[]): readonly string[] {
  const copied = instructions.flatMap(({ keyword, rest }) => {
    const [, from] = /(?:^|\s)--from=(\S+)/.exec(rest) ?? [];
    return keyword === 'COPY' && from !== undefined && !/^\d+$/.test(from) ? [from] : [];
  });
  const own = new Set(stages.flatMap(({ name }) => name ?? []));
  const bases = [...stages.map(({ base }) => base), ...copied];
  const foreign = bases.filter((base) => base !== SCRATCH && !own.has(base.toLowerCase()) && !DIGEST.test(base));
  return [...new Set(foreign)];
}
