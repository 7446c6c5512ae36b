// GET /api/services/<name>/events/: the progress of a start as server-sent events, to be resumed anywhere without gap or repeat.
import type { Request, Response } from '../../../lib/http/message';
import { eventStream, type Sending, type SentEvent } from '../../../lib/http/sse';
import { shortHash } from '../../../lib/naming';
import { within } from '../../../lib/timeLimit';
import type { Anchor, Start } from '../../../lib/services/anchor';
import type { Sought } from '../../../lib/services/names';
import type { ProgressEvent } from '../../../lib/services/progress';
import type { Context } from '../context';
import { changes, lookAt } from './changes';

const HEARTBEAT_MS = 15_000;

/** What a client has already. */
interface Position {
  /** Tells one start of a name from the next, and stays when a record takes the place of the anchor. */
  readonly start: string;
  readonly id: number;
}

/** Undefined when there is no such service. */
export async function streamProgress(
  context: Context,
  sought: Required<Sought>,
  { headers, signal }: Pick<Request, 'headers' | 'signal'>,
): Promise<Response | undefined> {
  const anchor = await lookAt(context, sought, { signal });
  if (anchor === undefined) return undefined;
  const position = positionOf(anchor.start, headers['last-event-id']);
  const last = anchor.progress.events.at(-1);
  // An EventSource connects again when a stream ends; only this tells it that there is no more to come.
  if (last?.end !== undefined && position.id >= last.id) return { status: 204 };
  const ending = within(context.streamSeconds * 1000, signal);
  return eventStream(sendings(changes(context, anchor, { signal: ending }), position));
}

async function* sendings(seen: AsyncIterable<Anchor | undefined>, from: Position): AsyncGenerator<Sending> {
  let { id } = from;
  let wroteAt = performance.now();
  for await (const anchor of seen) {
    if (anchor === undefined || startKey(anchor.start) !== from.start) {
      yield stopped({ ...from, id: id + 1 }, anchor);
      return;
    }
    const { events } = anchor.progress;
    for (const event of events.filter((each) => each.id > id)) {
      yield sent(event, from.start);
      [id, wroteAt] = [event.id, performance.now()];
    }
    if (events.at(-1)?.end !== undefined) return;
    if (performance.now() - wroteAt < HEARTBEAT_MS) continue;
    yield 'heartbeat';
    wroteAt = performance.now();
  }
}

function sent({ id, percent, message, html, step, reason, end, at }: ProgressEvent, start: string): SentEvent {
  const failed = end === 'failed' || end === 'stopped';
  const data = { progress: percent, message, html_message: html, step, failed, ready: end === 'ready', at };
  return { id: `${start}-${id}`, event: end ?? 'progress', data: { ...data, ...(reason !== undefined && { reason }) } };
}

/** Its log is gone with it. */
function stopped({ start, id }: Position, successor: Anchor | undefined): SentEvent {
  const message = successor === undefined ? 'The service was stopped.' : 'The service was started anew.';
  const data = { progress: 100, message, html_message: message, failed: true, ready: false };
  return { id: `${start}-${id}`, event: 'stopped', data };
}

function positionOf(start: Start, lastEventId = ''): Position {
  const own = startKey(start);
  const [, given, id = '0'] = /^([0-9a-f]{12})-(\d{1,9})$/.exec(lastEventId) ?? [];
  return { start: own, id: given === own ? Number(id) : 0 };
}

function startKey({ credential, servername, startId, startDate }: Start): string {
  return shortHash(credential, servername, startId, startDate);
}
