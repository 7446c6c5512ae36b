// As much of Prometheus' two languages as tells names: of the metrics and labels that an expression asks for, and of those in a scrape.

export interface Series {
  readonly labels: ReadonlySet<string>;
  /** Samples of it, and the value of the last one. */
  readonly count: number;
  readonly last: number;
}

const SAMPLE = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? (\S+)/;
const LABEL = /([a-zA-Z_]\w*)=~?"/g;
const KEYWORDS = new Set([
  'by',
  'without',
  'on',
  'ignoring',
  'group_left',
  'group_right',
  'and',
  'or',
  'unless',
  'bool',
  'offset',
]);

export function toldIn(scrape: string): ReadonlyMap<string, Series> {
  const series = new Map<string, Series>();
  for (const line of scrape.split('\n')) {
    const [, name, labels = '', value = ''] = SAMPLE.exec(line) ?? [];
    if (name === undefined) continue;
    const before = series.get(name);
    const names = [...labels.matchAll(LABEL)].map((match) => match[1] ?? '');
    const all = new Set([...(before?.labels ?? []), ...names]);
    series.set(name, { labels: all, count: (before?.count ?? 0) + 1, last: Number(value) });
  }
  return series;
}

export function askedIn(expression: string): {
  readonly metrics: readonly string[];
  readonly labels: readonly string[];
} {
  const matched = [...expression.matchAll(/\{([^}]*)\}/g)].flatMap(
    ([, inside = '']) => inside.match(/[a-z_]\w*(?==|!)/g) ?? [],
  );
  const grouped = [...expression.matchAll(/\b(?:by|without|on|ignoring)\s*\(([^)]*)\)/g)].flatMap(([, inside = '']) =>
    inside.split(',').map((label) => label.trim()),
  );
  const bare = expression
    .replaceAll(/\{[^}]*\}|\[[^\]]*\]|"[^"]*"/g, ' ')
    .replaceAll(/\b(?:by|without|on|ignoring)\s*\([^)]*\)/g, ' ');
  const metrics = [...bare.matchAll(/\b([a-z_:][\w:]*)\b(?!\s*\()/g)]
    .map((match) => match[1] ?? '')
    .filter((word) => !KEYWORDS.has(word));
  return { metrics, labels: [...matched, ...grouped] };
}
