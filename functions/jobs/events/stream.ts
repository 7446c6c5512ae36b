// GET /jobs/{id}/events: what becomes of a job or a set as server-sent events, to be resumed on any instance without gap or repeat.
import type { Request, Response } from '../../../lib/http/message';
import { eventStream, type Sending, type SentEvent } from '../../../lib/http/sse';
import { within } from '../../../lib/timeLimit';
import type { Context } from '../context';
import type { Sought } from '../find';
import { findAny } from '../record';
import type { Position } from './history';
import { storyOf, type News, type Story, type ToldEvent } from './story';

const HEARTBEAT_MS = 15_000;

export async function streamEvents(
  context: Context,
  sought: Sought,
  { headers, signal }: Pick<Request, 'headers' | 'signal'>,
): Promise<Response> {
  const story = storyOf(context, sought, await findAny(context, sought, { signal }));
  const last = positionOf(headers['last-event-id'], story.uid);
  // An EventSource connects again when a stream ends; only this tells it that there is no more to come.
  if (last?.rank === story.endRank) return { status: 204 };
  const ending = within(context.streamSeconds * 1000, signal);
  return eventStream(sendings(story.follow({ signal: ending }), story, last));
}

async function* sendings(
  told: AsyncIterable<News>,
  { uid, endRank }: Story,
  from: Position | undefined,
): AsyncGenerator<Sending> {
  let last = from;
  let wroteAt = performance.now();
  for await (const news of told) {
    for (const event of news(last)) {
      yield sent(event, uid);
      [last, wroteAt] = [event.position, performance.now()];
    }
    if (last?.rank === endRank) return;
    if (performance.now() - wroteAt < HEARTBEAT_MS) continue;
    yield 'heartbeat';
    wroteAt = performance.now();
  }
}

function sent({ position, ...data }: ToldEvent, uid: string): SentEvent {
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
