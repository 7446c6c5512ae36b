// Every change to objects of some kinds, as ApiServerSource sees it: from now on, nothing of the past, and gaps when a watch breaks off.
import { setTimeout as sleep } from 'node:timers/promises';
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import type { KubeObject } from '../../lib/kube/objects';
import { collectionPath } from '../../lib/kube/resources';
import type { Transport } from '../../lib/kube/transport';

export interface Watched {
  readonly apiVersion: string;
  readonly kind: string;
  readonly labelSelector?: string;
}

export interface Change {
  readonly type: 'add' | 'update' | 'delete';
  readonly object: KubeObject;
}

export interface ChangesOptions {
  readonly transport: Transport;
  readonly namespace: string;
  readonly watched: Watched;
  readonly emit: (change: Change) => void;
  /** Says why a watch is begun anew. */
  readonly report: (message: string) => void;
  readonly signal: AbortSignal;
}

interface Line {
  readonly type: string;
  readonly object: KubeObject;
}

const TYPES: Readonly<Record<string, Change['type']>> = { ADDED: 'add', MODIFIED: 'update', DELETED: 'delete' };
const PAUSE_MS = 1_000;

/** Until the signal aborts. */
export async function followChanges(options: ChangesOptions): Promise<void> {
  const { signal, report, watched } = options;
  while (!signal.aborted) {
    try {
      await watchOnce(options, await presentVersion(options));
    } catch (error) {
      if (signal.aborted) return;
      report(`changes of ${watched.kind} are watched anew: ${error instanceof Error ? error.message : String(error)}`);
      await sleep(PAUSE_MS, undefined, { signal }).catch(() => undefined);
    }
  }
}

async function presentVersion(options: ChangesOptions): Promise<string> {
  let text = '';
  for await (const chunk of await get(options, { limit: '1' })) text += chunk.toString();
  return (JSON.parse(text) as KubeObject).metadata?.resourceVersion ?? '';
}

async function watchOnce(options: ChangesOptions, resourceVersion: string): Promise<void> {
  const { apiVersion, kind } = options.watched;
  const body = await get(options, { watch: 'true', resourceVersion });
  for await (const line of createInterface(body)) {
    const { type, object } = JSON.parse(line) as Line;
    const change = TYPES[type];
    if (change === undefined) throw new Error(JSON.stringify(object));
    options.emit({ type: change, object: { apiVersion, kind, ...object } });
  }
}

async function get(options: ChangesOptions, query: Readonly<Record<string, string>>): Promise<Readable> {
  const { transport, namespace, watched, signal } = options;
  const { labelSelector = '', ...collection } = watched;
  const path = `${collectionPath({ ...collection, namespace })}?${String(new URLSearchParams({ labelSelector, ...query }))}`;
  const { status, body } = await transport({ method: 'GET', path, headers: { accept: 'application/json' }, signal });
  if (status !== 200) throw new Error(`it was answered ${status}`);
  return Readable.from(body, { objectMode: false });
}
