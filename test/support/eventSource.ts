// A client of server-sent events: reads a stream to its end, and knows from where to go on.
import { request as open, type IncomingMessage } from 'node:http';
import { createInterface } from 'node:readline';

export interface SeenEvent {
  readonly id: string;
  readonly event: string;
  readonly data: Readonly<Record<string, unknown>>;
}

export interface EventStream {
  readonly status: number;
  readonly contentType: string | undefined;
  /** So far. */
  readonly events: readonly SeenEvent[];
  readonly ended: Promise<void>;
  readonly close: () => void;
}

export async function openEventStream(url: string, headers: Readonly<Record<string, string>>): Promise<EventStream> {
  const incoming = await new Promise<IncomingMessage>((resolve, reject) => {
    open(url, { headers, agent: false }, resolve).on('error', reject).end();
  });
  const events: SeenEvent[] = [];
  return {
    status: incoming.statusCode ?? 0,
    contentType: incoming.headers['content-type'],
    events,
    ended: readAll(incoming, events),
    close: () => incoming.destroy(),
  };
}

async function readAll(incoming: IncomingMessage, events: SeenEvent[]): Promise<void> {
  incoming.on('error', () => undefined);
  let fields: Record<string, string> = {};
  for await (const line of createInterface(incoming)) {
    const [, name, value] = /^(\w+): (.*)$/.exec(line) ?? [];
    if (name !== undefined && value !== undefined) fields[name] = value;
    if (line !== '') continue;
    const { id, event, data } = fields;
    if (id !== undefined && event !== undefined && data !== undefined) {
      events.push({ id, event, data: JSON.parse(data) as SeenEvent['data'] });
    }
    fields = {};
  }
}
