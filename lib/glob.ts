// Shell globs on single names, as Python's fnmatch reads them: `*`, `?`, `[abc]`, `[!abc]`.

export function matchesAny(globs: readonly string[], name: string): boolean {
  return globs.some((glob) => globPattern(glob).test(name));
}

function globPattern(glob: string): RegExp {
  const source = glob.replaceAll(/\[(!?)([^\]]+)\]|[*?]|[^*?[]+|\[/g, (part, negated: string, set?: string) => {
    if (set !== undefined) return `[${negated === '!' ? '^' : ''}${set.replaceAll(/[\\^]/g, '\\$&')}]`;
    if (part === '*') return '.*';
    return part === '?' ? '.' : part.replaceAll(/[.+^${}()|[\]\\]/g, '\\$&');
  });
  return new RegExp(`^${source}$`, 's');
}
