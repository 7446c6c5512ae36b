// What this process counted so far, as Prometheus text: whether events arrive at all is seen from what sweeps find.

const HELP = {
  sweep_found_missed: 'News that a sweep found because no event had told them',
  sweep_found_overdue: 'Services that a sweep found to be over because their time was up',
  hub_told: 'Progress events that hubs took',
  hub_refused: 'Progress events that hubs refused for good, or that were given up',
  hub_unreachable: 'Attempts to tell a hub that failed and are repeated',
} as const;

export type Counter = keyof typeof HELP;

export interface Counters {
  readonly add: (counter: Counter, count?: number) => void;
  readonly text: () => string;
}

export function createCounters(): Counters {
  const names = Object.keys(HELP) as readonly Counter[];
  const counts = new Map<Counter, number>();
  const lines = (name: Counter): string => {
    const full = `hub_functions_status_${name}_total`;
    return `# HELP ${full} ${HELP[name]}\n# TYPE ${full} counter\n${full} ${counts.get(name) ?? 0}\n`;
  };
  return {
    add: (counter, count = 1) => void counts.set(counter, (counts.get(counter) ?? 0) + count),
    text: () => `\n${names.map(lines).join('')}`,
  };
}
