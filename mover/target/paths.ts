// Paths of a snapshot, as commands of restic want them. Pure.
/** The folders that lead from the claim's root, itself included, to a path in it; without that path. */
export function ancestorsOf(root: string, path: string): readonly string[] {
  const steps = path.split('/').slice(0, -1);
  return steps.reduce<readonly string[]>((all, step) => [...all, `${all.at(-1) ?? root}/${step}`], [root]);
}

/** Stands for exactly one path. */
export function asPattern(path: string): string {
  return path.replaceAll(/[\\*?[\]]/g, String.raw`\$&`);
}
