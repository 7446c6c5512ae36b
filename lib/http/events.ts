// The routes that faas-js-runtime answers: events and cron calls on POST /, and /metrics. It is loaded by the first of them.
import { AppError } from '../errors';
import type { Handler, OnEvent, Route } from './route';

export function isEvent(method: string, headers: Readonly<Record<string, string>>): boolean {
  if (method !== 'POST') return false;
  const isStructured = headers['content-type']?.startsWith('application/cloudevents') ?? false;
  return isStructured || 'ce-specversion' in headers || 'ce-id' in headers || 'x-connector' in headers;
}

export function createRuntime(onEvent: OnEvent | undefined, bodyLimitBytes: number): Handler {
  let started: Promise<Handler> | undefined;
  return async (request) => {
    started ??= import('./runtime').then(({ startRuntime }) => startRuntime(onEvent ?? refuse, bodyLimitBytes));
    return (await started)(request);
  };
}

export function eventRoute(runtime: Handler): Route {
  const produces = 'application/cloudevents+json';
  const summary = 'CloudEvents and cron calls';
  return { method: 'POST', path: '/', access: 'open', body: 'bytes', produces, summary, handle: runtime };
}

/** What the runtime counts, and behind it what the function itself does, as Prometheus text. */
export function metricsRoute(runtime: Handler, own: () => string = () => ''): Route {
  const summary = 'Metrics of the runtime and the function';
  const handle: Handler = async (request) => {
    const answer = await runtime(request);
    return typeof answer.body === 'string' ? { ...answer, body: answer.body + own() } : answer;
  };
  // A scrape is no work: it is neither logged nor counted.
  return { method: 'GET', path: '/metrics', access: 'open', produces: 'text/plain', quiet: true, summary, handle };
}

function refuse(): Promise<never> {
  return Promise.reject(new AppError('no_events', 404, 'Not found.'));
}
