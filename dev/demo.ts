// Makes the calls of the walkthrough by itself and shows what comes back; throws where something is not as promised.
import { setTimeout as sleep } from 'node:timers/promises';
import type { Progress } from './progress';
import type { Call, Walkthrough } from './walkthrough';

export interface DemoOptions {
  readonly walkthrough: Walkthrough;
  readonly progress: Progress;
  readonly write: (text: string) => void;
  /** Whether the gateway can show pages of services. */
  readonly hasPages: boolean;
  /** Ends the demo, with the reason that people read. */
  readonly signal: AbortSignal;
}

interface Answer {
  readonly status: number;
  readonly text: string;
}

interface ServiceState {
  readonly running?: boolean;
  readonly details?: unknown;
  readonly status?: { readonly phase?: string; readonly message?: string };
}

const pollMs = 500;

export async function runDemo({ walkthrough, progress, write, hasPages, signal }: DemoOptions): Promise<void> {
  const { start, poll, page, stop, submit, log } = walkthrough;
  await progress('start the service hello', () => expectStatus(start, 201, signal));
  await progress('poll it until it runs', () => untilRunning(poll, signal));
  if (hasPages) {
    const { text } = await progress(`open its page ${page.url}`, () => untilStatus(page, 200, signal));
    write(`    ${/<h1>(.*)<\/h1>/.exec(text)?.[1] ?? text}\n`);
  }
  await progress('stop it', () => expectStatus(stop, 204, signal));
  await progress('poll it once more: it is gone', () => expectStatus(poll, 404, signal));
  await progress('submit a job', () => expectStatus(submit, 200, signal));
  const { text } = await progress('follow its log', () => expectStatus(log, 200, signal));
  if (text === '') throw new Error('the log of the job is empty');
  write(text.replaceAll(/^/gm, '    ').trimEnd() + '\n');
}

async function untilRunning(poll: Call, signal: AbortSignal): Promise<void> {
  let told = 'nothing yet';
  try {
    for (;;) {
      const { text } = await expectStatus(poll, 200, signal);
      const { running, status, details } = JSON.parse(text) as ServiceState;
      told = status?.message ?? JSON.stringify(details);
      if (running === false) throw new Error(`the service ended: ${told}`);
      if (status?.phase === 'running') return;
      await sleep(pollMs, undefined, { signal });
    }
  } catch (error) {
    throw signal.aborted ? new Error(`the last poll said: ${told}`, { cause: error }) : error;
  }
}

async function untilStatus(call: Call, status: number, signal: AbortSignal): Promise<Answer> {
  for (;;) {
    const answer = await send(call, signal);
    if (answer.status === status) return answer;
    await sleep(pollMs, undefined, { signal });
  }
}

async function expectStatus(call: Call, status: number, signal: AbortSignal): Promise<Answer> {
  const answer = await send(call, signal);
  if (answer.status === status) return answer;
  throw new Error(`${call.method} ${call.url} answered ${answer.status} instead of ${status}: ${answer.text}`);
}

async function send({ url, body, login, method, ...call }: Call, signal: AbortSignal): Promise<Answer> {
  const authorization = login && `Basic ${Buffer.from(login).toString('base64')}`;
  const headers = { ...call.headers, ...(authorization && { authorization }) };
  const response = await fetch(url, { method, headers, ...(body !== undefined && { body }), signal });
  return { status: response.status, text: await response.text() };
}
