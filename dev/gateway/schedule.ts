// The role of OpenFaaS' cron-connector: calls functions that declare a schedule, with an empty body, one call at a time each.
import { request } from 'node:http';
import type { FunctionRunner } from './functionRunner';

export interface ScheduledFunction {
  readonly name: string;
  readonly runner: FunctionRunner;
  readonly everyMs: number;
}

export type Report = (message: string) => void;

/** Returns what ends the schedule. */
export function startSchedule(functions: readonly ScheduledFunction[], report: Report): () => void {
  const timers = functions.map((scheduled) => {
    let isRunning = false;
    const tick = async (): Promise<void> => {
      if (isRunning) return;
      isRunning = true;
      await call(scheduled, report);
      isRunning = false;
    };
    return setInterval(() => void tick(), scheduled.everyMs).unref();
  });
  return () => {
    for (const timer of timers) clearInterval(timer);
  };
}

async function call({ name, runner }: ScheduledFunction, report: Report): Promise<void> {
  try {
    const status = await runner.use(post);
    if (status >= 400) report(`${name} answered its scheduled call with ${status}`);
  } catch (error) {
    report(`${name} could not be called on schedule: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function post(port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const headers = { 'x-topic': 'cron-function', 'x-connector': 'cron-connector', 'content-length': 0 };
    const calling = request({ host: '127.0.0.1', port, method: 'POST', path: '/', headers, agent: false });
    calling.on('response', (response) => {
      response.resume();
      response.on('close', () => resolve(response.statusCode ?? 502));
    });
    calling.on('error', reject);
    calling.end();
  });
}
