// What this process counted so far, as Prometheus text.

const HELP = {
  sweeps: 'Sweeps that came to their end',
  ended: 'Jobs that were ended before their time',
  captured: 'Jobs whose logs and outcome were written down',
  postponed: 'Attempts to capture a job that are repeated, because a log could not be read',
  lost: 'Logs that could not be had, and were recorded as lost',
  deleted: 'Objects that were deleted',
  failed: 'Objects that a run failed on',
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
    const full = `hub_functions_reaper_${name}_total`;
    return `# HELP ${full} ${HELP[name]}\n# TYPE ${full} counter\n${full} ${counts.get(name) ?? 0}\n`;
  };
  return {
    add: (counter, count = 1) => void counts.set(counter, (counts.get(counter) ?? 0) + count),
    text: () => `\n${names.map(lines).join('')}`,
  };
}
