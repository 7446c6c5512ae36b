// How many requests a function has answered, how, and how long each took, as Prometheus text. https://prometheus.io/docs/instrumenting/exposition_formats/

export interface RequestMetrics {
  readonly count: (request: { readonly status: number; readonly durationMs: number }) => void;
  readonly text: () => string;
}

/** Seconds. A warm poll takes milliseconds; the last one before infinity is what gateways wait. */
const BOUNDS = [0.005, 0.025, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 60];
const REQUESTS = 'hub_functions_http_requests_total';
const SECONDS = 'hub_functions_http_request_seconds';

export function createRequestMetrics(): RequestMetrics {
  const statuses = new Map<string, number>();
  /** By the first bound that it stays below; the last one has none. */
  const buckets = BOUNDS.map(() => 0).concat(0);
  let sum = 0;
  return {
    count: ({ status, durationMs }) => {
      const seconds = durationMs / 1000;
      const family = `${Math.floor(status / 100)}xx`;
      statuses.set(family, (statuses.get(family) ?? 0) + 1);
      const index = BOUNDS.findIndex((bound) => seconds <= bound);
      const bucket = index < 0 ? BOUNDS.length : index;
      buckets[bucket] = (buckets[bucket] ?? 0) + 1;
      sum += seconds;
    },
    text: () => `\n${requestsText(statuses)}${secondsText(buckets, sum)}`,
  };
}

/** Failures are told from the start: a counter that appears with its first sample shows no increase. */
const ALWAYS = ['2xx', '4xx', '5xx'];

function requestsText(statuses: ReadonlyMap<string, number>): string {
  const families = [...new Set([...ALWAYS, ...statuses.keys()])].toSorted();
  const samples = families.map((family) => `${REQUESTS}{status="${family}"} ${statuses.get(family) ?? 0}\n`);
  return `# HELP ${REQUESTS} Requests that were answered, without those of probes.\n# TYPE ${REQUESTS} counter\n${samples.join('')}`;
}

function secondsText(buckets: readonly number[], sum: number): string {
  let total = 0;
  const samples = [...BOUNDS, '+Inf'].map((bound, index) => {
    total += buckets[index] ?? 0;
    return `${SECONDS}_bucket{le="${bound}"} ${total}\n`;
  });
  const head = `# HELP ${SECONDS} From a request to the end of its answer.\n# TYPE ${SECONDS} histogram\n`;
  return `${head}${samples.join('')}${SECONDS}_sum ${sum}\n${SECONDS}_count ${total}\n`;
}
