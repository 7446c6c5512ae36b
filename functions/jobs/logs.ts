// The log of a job, as it comes: of its last attempt, of a certain one, or of all of them.
import { Readable } from 'node:stream';
import * as z from 'zod';
import { describePath } from '../../lib/config/load';
import { AppError } from '../../lib/errors';
import { readJobPods } from '../../lib/jobs/readJobPods';
import type { Request, Response } from '../../lib/http/message';
import type { LogQuery } from '../../lib/kube/kube';
import type { Pod } from '../../lib/status/observed';
import type { Context } from './context';
import { findJob, type Sought } from './find';

const flag = z
  .enum(['true', 'false', '1', '0', ''])
  .transform((text) => text === 'true' || text === '1' || text === '');
const count = z.coerce.number().int().min(0).max(10_000_000);

export const logsQuery = z.strictObject({
  follow: flag.default(false),
  tail: count.optional(),
  /** Seconds. */
  since: count.optional(),
  container: z.string().max(253).optional(),
  /** 1, 2, 3 ... or `all`; the last one when absent. */
  attempt: z.union([z.literal('all'), z.coerce.number().int().min(1)]).optional(),
});

type Query = z.infer<typeof logsQuery>;

const NOT_FOUND = 'Logs not found';

export async function readLogs(context: Context, sought: Sought, { query, signal }: Request): Promise<Response> {
  const wish = parseQuery(query);
  const job = await findJob(context, sought, { signal });
  const pods = chosenPods(await readJobPods(context.kube, job, { signal }), wish.attempt);
  const pieces = pods.flatMap((pod) => containersOf(pod, wish.container).map((container) => ({ pod, container })));
  if (pieces.length === 0) throw new AppError('not_found', 404, NOT_FOUND);
  const isOne = pieces.length === 1;
  return {
    status: 200,
    headers: { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store', 'x-accel-buffering': 'no' },
    body: Readable.from(texts(context, pieces, { wish, isOne, signal })),
  };
}

interface Piece {
  readonly pod: Pod;
  readonly container: string;
}

interface Reading {
  readonly wish: Query;
  /** Several are told apart by a heading. */
  readonly isOne: boolean;
  readonly signal: AbortSignal;
}

async function* texts(context: Context, pieces: readonly Piece[], { wish, isOne, signal }: Reading) {
  const query: Omit<LogQuery, 'container'> = {
    ...(wish.follow && { follow: true }),
    ...(wish.tail !== undefined && { tailLines: wish.tail }),
    ...(wish.since !== undefined && { sinceSeconds: wish.since }),
  };
  for (const { pod, container } of pieces) {
    const name = pod.metadata?.name ?? '';
    const { namespace } = context.settings;
    const chunks = await context.kube.logStream({ namespace, name }, { ...query, container }, { signal });
    if (!isOne) yield Buffer.from(`--- ${name} ${container}\n`);
    if (chunks !== undefined) yield* chunks;
  }
}

function parseQuery(query: URLSearchParams): Query {
  const parsed = logsQuery.safeParse(Object.fromEntries(query));
  if (parsed.success) return parsed.data;
  const detail = parsed.error.issues.map(({ path, message }) => `${describePath(path)}: ${message}`).join('; ');
  throw new AppError('invalid_input', 422, detail);
}

function chosenPods(pods: readonly Pod[], attempt: Query['attempt']): readonly Pod[] {
  if (attempt === 'all') return pods;
  return pods.slice(...(attempt === undefined ? [-1] : [attempt - 1, attempt]));
}

/** In the order in which they run. */
function containersOf({ spec }: Pod, wanted: string | undefined): readonly string[] {
  const names = [...(spec?.initContainers ?? []), ...(spec?.containers ?? [])].map(({ name }) => name);
  return wanted === undefined ? names : names.filter((name) => name === wanted);
}
