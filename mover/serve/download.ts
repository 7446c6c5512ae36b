// One download: a file as it is, a folder as a tar archive; whoever gets less than all of it can tell.
import { basename, join } from 'node:path';
import type { ServerResponse } from 'node:http';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Context } from '../context';
import { Failure, failureOf } from '../failure';
import { requestSchema } from '../request';
import { readNodes, type SnapshotNode } from '../restic/nodes';
import type { Output } from '../restic/restic';
import { findSnapshot, sourceOf } from '../restic/snapshots';
import { NOTHING, type Done } from '../result';

export interface DownloadQuery {
  readonly snapshot: string;
  /** The whole claim when absent. */
  readonly path?: string | undefined;
}

const querySchema = requestSchema.pick({ snapshot: true, path: true });

/** A text is what is wrong with it. What the request of the mover names already is what may be asked for. */
export function downloadQuery(params: URLSearchParams, allowed: DownloadQuery): DownloadQuery | string {
  const [snapshot, path] = [params.get('snapshot') ?? allowed.snapshot, params.get('path') ?? allowed.path];
  const parsed = querySchema.safeParse({ snapshot, ...(path && { path }) });
  return parsed.success ? parsed.data : 'snapshot is an id, path one below the root of the claim.';
}

export async function download(context: Context, query: DownloadQuery, response: ServerResponse): Promise<Done> {
  const { restic, request, progress } = context;
  const snapshot = await findSnapshot(restic, request.claim, query.snapshot);
  const wanted = join(sourceOf(snapshot), query.path ?? '');
  const node = (await readNodes(restic, snapshot.id, [wanted])).get(wanted);
  if (node === undefined) throw new Failure('PathMissing', `The snapshot does not hold ${query.path ?? 'the claim'}.`);
  const output = restic.open({ args: ['dump', '--archive', 'tar', snapshot.id, wanted] });
  response.once('close', () => output.end());
  const head = headersOf(node);
  const passed: Passed = { bytes: 0, last: undefined };
  const passing = passOn(passed, (bytes) =>
    progress.tell('serve', { bytes, totalBytes: node.type === 'file' ? node.size : 0 }),
  );
  await untilFirst(output);
  response.writeHead(200, head);
  // The end of the answer is withheld until restic ended well.
  await pipeline(output.stdout, passing, response, { end: false });
  await mustEndWell(output);
  response.end(passed.last);
  return { ...NOTHING, snapshot: snapshot.id, files: 1, bytes: passed.bytes };
}

function headersOf(node: SnapshotNode): Record<string, string> {
  const isFile = node.type === 'file';
  const name = encodeURIComponent(isFile ? basename(node.path) : `${basename(node.path)}.tar`);
  return {
    'content-type': isFile ? 'application/octet-stream' : 'application/x-tar',
    'content-disposition': `attachment; filename*=UTF-8''${name}`,
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    ...(isFile && { 'content-length': String(node.size) }),
  };
}

/** What fails before there is anything to send can still be told in words. */
async function untilFirst(output: Output): Promise<void> {
  const isThere = new Promise<void>((resolve) => output.stdout.once('readable', () => resolve()));
  const endsWell = mustEndWell(output);
  await Promise.race([isThere, endsWell]);
  if (output.stdout.readableLength === 0) await endsWell;
  else endsWell.catch(() => undefined);
}

async function mustEndWell({ ended }: Output): Promise<void> {
  const { code, said } = await ended;
  if (code !== 0) throw failureOf(said);
}

interface Passed {
  bytes: number;
  last: Buffer | undefined;
}

/** One piece behind: who knows the length takes what has come for all of it, and leaves before restic has ended well. */
function passOn(passed: Passed, tell: (bytes: number) => void): Transform {
  return new Transform({
    transform(chunk: Buffer, _, next) {
      const { last } = passed;
      passed.last = chunk;
      passed.bytes += chunk.length;
      tell(passed.bytes);
      next(null, last);
    },
  });
}
