// GET /jobs/{id}/logs: as it comes, from the pods, or from the record when they are gone.
import { Readable } from 'node:stream';
import { AppError } from '../../../lib/errors';
import type { Request, Response } from '../../../lib/http/message';
import type { Call } from '../../../lib/kube/kube';
import type { Context } from '../context';
import type { Sought } from '../find';
import { parseInput } from '../input';
import { findAny, findRecord, isRecorded } from '../record';
import { followedLog } from './followed';
import { liveLog } from './live';
import { recordedText } from './recorded';
import { sourceOf, type Source } from './source';
import { logsQuery, wantedOf, type Chunks, type Wish } from './wish';

interface Asked {
  readonly sought: Sought;
  readonly wish: Wish;
}

export async function readLogs(context: Context, sought: Sought, { query, signal }: Request): Promise<Response> {
  const wish = parseInput(logsQuery, Object.fromEntries(query));
  const reading = new AbortController();
  signal.addEventListener('abort', () => reading.abort(signal.reason), { once: true });
  const chunks = await chunksOf(context, { sought, wish }, reading);
  if (chunks === undefined) throw new AppError('not_found', 404, 'Logs not found');
  const body = Readable.from(chunks, { objectMode: false });
  // A log that was opened and is not read, as for HEAD, would keep its connection to the API server for ever.
  body.once('close', () => reading.abort());
  return {
    status: 200,
    headers: { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store', 'x-accel-buffering': 'no' },
    body,
  };
}

async function chunksOf(context: Context, asked: Asked, call: Call): Promise<Chunks | undefined> {
  const { sought, wish } = asked;
  const found = await findAny(context, sought, call);
  if (isRecorded(found)) return recordedText(context, found, { wish });
  const source = sourceOf(context, sought, found);
  if (source.isEnding) return endedLog(context, { ...asked, source }, call);
  return wish.follow ? followedLog(context, { ...asked, source }, call) : presentLog(context, { source, wish }, call);
}

async function presentLog(
  context: Context,
  { source, wish }: { readonly source: Source; readonly wish: Wish },
  call: Call,
): Promise<Chunks | undefined> {
  const pieces = wantedOf((await source.look(call))?.pieces ?? [], wish);
  return liveLog(context, { pieces, wish }, call);
}

/** From the pods while they are there; a node that is gone answers no more, and what was captured of its log is as good. */
async function endedLog(
  context: Context,
  { source, sought, wish }: Asked & { readonly source: Source },
  call: Call,
): Promise<Chunks | undefined> {
  const kept = async (): Promise<Chunks | undefined> => {
    const recorded = await findRecord(context, sought, call);
    return recorded && recordedText(context, recorded, { wish });
  };
  try {
    return (await presentLog(context, { source, wish }, call)) ?? (await kept());
  } catch (error) {
    const instead = await kept();
    if (instead === undefined) throw error;
    return instead;
  }
}
