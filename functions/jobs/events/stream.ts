// GET /jobs/{id}/events: what becomes of a job as server-sent events, to be resumed on any instance without gap or repeat.
import { Readable } from 'node:stream';
import type { Request, Response } from '../../../lib/http/message';
import { eventStream, type Sending, type SentEvent } from '../../../lib/http/sse';
import { within } from '../../../lib/timeLimit';
import type { Context } from '../context';
import type { Sought } from '../find';
import { findJobOrRecord, isRecorded } from '../record';
import { changes, type Change } from './changes';
import { endOfRecord, historyOf, isEnd, newsOf, type JobEvent, type Position } from './history';

const HEARTBEAT_MS = 15_000;

export async function streamEvents(
  context: Context,
  sought: Sought,
  { headers, signal }: Pick<Request, 'headers' | 'signal'>,
): Promise<Response> {
  const found = await findJobOrRecord(context, sought, { signal });
  const uid = (isRecorded(found) ? found.record.job : found).metadata?.uid ?? '';
  const last = positionOf(headers['last-event-id'], uid);
  // An EventSource connects again when a stream ends; only this tells it that there is no more to come.
  if (last !== undefined && isEnd(last)) return { status: 204 };
  if (isRecorded(found)) return eventStream(Readable.from([sent(endOfRecord(found.record), uid)]));
  const ending = within(context.streamSeconds * 1000, signal);
  return eventStream(sendings(changes(context, sought, { signal: ending }), last));
}

async function* sendings(seen: AsyncIterable<Change>, from: Position | undefined): AsyncGenerator<Sending> {
  let last = from;
  let wroteAt = performance.now();
  for await (const { job, pods, state } of seen) {
    for (const event of newsOf(historyOf(job, pods, state), last)) {
      yield sent(event, job.metadata?.uid ?? '');
      [last, wroteAt] = [event.position, performance.now()];
    }
    if (last !== undefined && isEnd(last)) return;
    if (performance.now() - wroteAt < HEARTBEAT_MS) continue;
    yield 'heartbeat';
    wroteAt = performance.now();
  }
}

function sent({ position, ...data }: JobEvent, uid: string): SentEvent {
  const { attempt, rank, trouble } = position;
  const place = [attempt, rank, ...(trouble === undefined ? [] : [trouble])].join('.');
  return { id: `${uid.slice(0, 8)}-${place}`, event: data.phase, data };
}

/** Undefined from the beginning; another Job of the same name is another story. */
function positionOf(lastEventId: string | undefined, job: string): Position | undefined {
  const [, uid, attempt, rank, trouble] =
    /^([0-9a-f]{8})-(\d{1,3})\.(\d)(?:\.(\w{1,40}))?$/.exec(lastEventId ?? '') ?? [];
  if (uid === undefined || uid !== job.slice(0, 8)) return undefined;
  return { attempt: Number(attempt), rank: Number(rank), trouble };
}
