// GET /jobs/{id}/logs: as it comes, from the pods, or from the record when they are gone.
import { Readable } from 'node:stream';
import { AppError } from '../../../lib/errors';
import type { Request, Response } from '../../../lib/http/message';
import { isTerminal } from '../../../lib/jobs/jobState';
import type { Call } from '../../../lib/kube/kube';
import type { Context } from '../context';
import type { Sought } from '../find';
import { parseInput } from '../input';
import { findJobOrRecord, findRecord, isRecorded } from '../record';
import { followedLog, liveLog } from './live';
import { recordedText } from './recorded';
import { logsQuery, type Wish } from './wish';

export async function readLogs(context: Context, sought: Sought, { query, signal }: Request): Promise<Response> {
  const wish = parseInput(logsQuery, Object.fromEntries(query));
  const chunks = await chunksOf(context, { sought, wish }, { signal });
  if (chunks === undefined) throw new AppError('not_found', 404, 'Logs not found');
  return {
    status: 200,
    headers: { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store', 'x-accel-buffering': 'no' },
    body: Readable.from(chunks, { objectMode: false }),
  };
}

async function chunksOf(
  context: Context,
  { sought, wish }: { readonly sought: Sought; readonly wish: Wish },
  call: Call,
): Promise<AsyncIterable<Uint8Array> | undefined> {
  const found = await findJobOrRecord(context, sought, call);
  if (isRecorded(found)) return recordedText(context, found, wish);
  if (wish.follow && !isTerminal(found)) return followedLog(context, { sought, wish }, call);
  const live = await liveLog(context, { job: found, wish }, call);
  if (live !== undefined || !isTerminal(found)) return live;
  const recorded = await findRecord(context, sought, call);
  return recorded && recordedText(context, recorded, wish);
}
