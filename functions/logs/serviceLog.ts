// GET /api/logs/services/<name>/: what the pods of a service write, for its owner; as it comes.
import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import * as z from 'zod';
import type { Request, Response } from '../../lib/http/message';
import { countText, flagText, secondsText } from '../../lib/http/queryValues';
import type { Call } from '../../lib/kube/kube';
import type { LogQuery } from '../../lib/kube/queries';
import type { KubeObject } from '../../lib/kube/objects';
import { podSelector } from '../../lib/services/names';
import { notFound } from './change';
import type { Context } from './context';
import { parseQuery } from './query';

export const serviceLogQuery = z.strictObject({
  follow: flagText.default(false),
  /** Lines. */
  tail: countText.optional(),
  /** Seconds. */
  since: secondsText.optional(),
  /** Of the container before it was started again. */
  previous: flagText.default(false),
  container: z.string().max(253).optional(),
});

type Wish = z.infer<typeof serviceLogQuery>;
type Chunks = AsyncIterable<Uint8Array>;

const PAUSE_MS = 500;
const PATIENCE_MS = 20_000;

export async function serviceLog(context: Context, request: Request): Promise<Response> {
  const wish = parseQuery(serviceLogQuery, request.query);
  const chunks = await openLog(context, { request, wish }, request);
  if (chunks === undefined) throw notFound();
  return {
    status: 200,
    headers: { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store', 'x-accel-buffering': 'no' },
    body: Readable.from(chunks, { objectMode: false }),
  };
}

/** Of a service that is starting, who follows waits for the first line. */
async function openLog(
  context: Context,
  { request, wish }: { readonly request: Request; readonly wish: Wish },
  call: Call,
): Promise<Chunks | undefined> {
  const { namespace, mainContainer } = context.settings;
  const query = queryOf(wish, mainContainer);
  const giveUpAt = performance.now() + (wish.follow && !wish.previous ? PATIENCE_MS : 0);
  for (;;) {
    const name = await latestPod(context, request, call);
    if (name === undefined) return undefined;
    const chunks = await context.kube.logStream({ namespace, name }, query, call);
    if (chunks !== undefined || performance.now() >= giveUpAt) return chunks;
    await sleep(PAUSE_MS, undefined, call);
  }
}

function queryOf({ container, follow, previous, tail, since }: Wish, mainContainer: string): LogQuery {
  return {
    container: container ?? mainContainer,
    ...(follow && { follow }),
    ...(previous && { previous }),
    ...(tail !== undefined && { tailLines: tail }),
    ...(since !== undefined && { sinceSeconds: since }),
  };
}

/** The caller's own only: others' carry another label. */
async function latestPod({ kube, settings }: Context, { params, caller }: Request, call: Call) {
  const labelSelector = podSelector({ credential: caller?.name ?? '', servername: params['name'] ?? '' });
  const selection = { apiVersion: 'v1', kind: 'Pod', namespace: settings.namespace, labelSelector };
  const { items } = await kube.list<KubeObject>(selection, call);
  return items.toSorted((one, other) => createdAt(other) - createdAt(one))[0]?.metadata?.name;
}

function createdAt({ metadata }: KubeObject): number {
  return Date.parse(metadata?.creationTimestamp ?? '') || 0;
}
