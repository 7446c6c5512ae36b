// What the handlers of a process have counted, as Prometheus text. Pure. https://prometheus.io/docs/instrumenting/exposition_formats/
import type { Counted } from './slowHandlers';

const HELP = {
  taken: 'Records that a log handler was given.',
  dropped: 'Records that a log handler could not take in time.',
  troubles: 'Times that a log handler was found unable to work.',
} as const;

export function metricsText({ handlers, workerDeaths }: Counted): string {
  const families = (Object.entries(HELP) as [keyof typeof HELP, string][]).map(([name, help]) => {
    const full = `hub_functions_log_${name}_total`;
    const samples = handlers.map(([handler, counts]) => `${full}{handler="${handler}"} ${counts[name]}\n`);
    return `# HELP ${full} ${help}\n# TYPE ${full} counter\n${samples.join('')}`;
  });
  const deaths = 'hub_functions_log_worker_deaths_total';
  const worker = `# HELP ${deaths} Times that the worker thread of log handlers ended.\n# TYPE ${deaths} counter\n${deaths} ${workerDeaths}\n`;
  return `\n${families.join('')}${worker}`;
}
