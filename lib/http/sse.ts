// Server-sent events as a response: messages as they come, a comment when none comes for long. https://html.spec.whatwg.org/multipage/server-sent-events.html
import { Readable } from 'node:stream';
import type { Response } from './message';

export interface SentEvent {
  readonly id: string;
  readonly event: string;
  readonly data: object;
}

/** What may be written: an event, or a comment that keeps the connection open. */
export type Sending = SentEvent | 'heartbeat';

const RETRY_MS = 1_000;

export function eventStream(sendings: AsyncIterable<Sending>): Response {
  return {
    status: 200,
    headers: {
      'content-type': 'text/event-stream',
      'cache-control': 'no-store',
      // Or nginx would collect events before it passes them on.
      'x-accel-buffering': 'no',
    },
    body: Readable.from(texts(sendings)),
  };
}

/** JSON has no line break in it, and ids and names are ours. */
async function* texts(sendings: AsyncIterable<Sending>): AsyncGenerator<string> {
  yield `retry: ${RETRY_MS}\n\n`;
  for await (const sending of sendings) {
    if (sending === 'heartbeat') yield ': still here\n\n';
    else yield `id: ${sending.id}\nevent: ${sending.event}\ndata: ${JSON.stringify(sending.data)}\n\n`;
  }
}
