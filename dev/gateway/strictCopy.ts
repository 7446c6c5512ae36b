// The body of an answer as OpenFaaS' gateway passes it on: held back until there is enough of it, and what breaks off ends like a whole one.
import type { IncomingMessage, ServerResponse } from 'node:http';

/** Of Go's HTTP server. */
const BUFFER_BYTES = 4096;

/** `isStream`: passed on as it comes. */
export async function copyStrictly(
  answer: IncomingMessage,
  response: ServerResponse,
  isStream: boolean,
): Promise<void> {
  if (isStream) response.flushHeaders();
  let held: Buffer[] = [];
  const flush = async (): Promise<void> => {
    const chunk = Buffer.concat(held);
    held = [];
    if (chunk.length > 0 && !response.write(chunk)) await drained(response);
  };
  const isWhole = await readAll(answer, async (chunk) => {
    held.push(chunk);
    const size = held.reduce((sum, { length }) => sum + length, 0);
    if (isStream || size >= BUFFER_BYTES) await flush();
  });
  await flush();
  // A length that was promised is the one thing by which a client can tell.
  if (!isWhole && answer.headers['content-length'] !== undefined) response.destroy();
  else response.end();
}

async function readAll(answer: IncomingMessage, take: (chunk: Buffer) => Promise<void>): Promise<boolean> {
  try {
    for await (const chunk of answer) await take(chunk as Buffer);
    return true;
  } catch {
    return false;
  }
}

function drained(response: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    response.once('drain', resolve).once('close', resolve);
  });
}

/** The gateway looks at the beginning of the header only. */
export function wantsStream({ headers }: Pick<IncomingMessage, 'headers'>): boolean {
  return headers.accept?.startsWith('text/event-stream') ?? false;
}
