// What a process has counted so far, as Prometheus text. https://prometheus.io/docs/instrumenting/exposition_formats/

export interface Counters<Name extends string> {
  readonly add: (counter: Name, count?: number) => void;
  readonly text: () => string;
}

/** `help` has a sentence for each; `hub_functions_<owner>_<name>_total` is what they are called outside. */
export function createCounters<Name extends string>(
  owner: string,
  help: Readonly<Record<Name, string>>,
): Counters<Name> {
  const counts = new Map<string, number>();
  const lines = ([name, text]: [string, string]): string => {
    const full = `hub_functions_${owner}_${name}_total`;
    return `# HELP ${full} ${text}\n# TYPE ${full} counter\n${full} ${counts.get(name) ?? 0}\n`;
  };
  return {
    add: (counter, count = 1) => void counts.set(counter, (counts.get(counter) ?? 0) + count),
    text: () => `\n${Object.entries<string>(help).map(lines).join('')}`,
  };
}
