// Shell globs on a single name, as the K8s Manager matched them: `*`, `?`, `[seq]`, `[!seq]`; a leading dot is nothing special.

export function globMatcher(patterns: readonly string[]): (name: string) => boolean {
  const expressions = patterns.map(expressionOf);
  return (name) => expressions.some((expression) => expression.test(name));
}

/** A reversed range like `[z-a]` is the one thing that is no glob. */
export function isGlob(pattern: string): boolean {
  try {
    return expressionOf(pattern) instanceof RegExp;
  } catch {
    return false;
  }
}

function expressionOf(pattern: string): RegExp {
  const parts = pattern.replace(/\*+/g, '*').match(/\[!?\]?[^\]]*\]|./gsu) ?? [];
  return new RegExp(`^${parts.map(sourceOf).join('')}$`, 'su');
}

function sourceOf(part: string): string {
  if (part === '*') return '.*';
  if (part === '?') return '.';
  if (part.length > 2 && part.startsWith('[')) return classOf(part.slice(1, -1));
  return escaped(part);
}

function classOf(members: string): string {
  const isNegated = members.startsWith('!');
  const literal = (isNegated ? members.slice(1) : members).replace(/[\\[\]^]/g, String.raw`\$&`);
  return `[${isNegated ? '^' : ''}${literal}]`;
}

function escaped(character: string): string {
  return character.replace(/[\\^$.*+?()[\]{}|/]/g, String.raw`\$&`);
}
