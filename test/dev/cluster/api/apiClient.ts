// An API over an empty store with a `default` namespace and a clock that tests move, spoken to as a client would.
import { trackQuotas } from '../../../../dev/cluster/api/admission/quota';
import { createApi } from '../../../../dev/cluster/api/api';
import { createFaultInjector, type FaultInjector } from '../../../../dev/cluster/api/faults';
import type { PodLogs } from '../../../../dev/cluster/api/podLogs';
import type { History } from '../../../../dev/cluster/api/read/history';
import { resourceType } from '../../../../dev/cluster/resources';
import { createStore, type Store } from '../../../../dev/cluster/store';
import type { Transport } from '../../../../lib/kube/transport';

/** What came out of JSON: tests look into bodies of every kind. */
export type Served = ReturnType<typeof JSON.parse>;

export interface Reply {
  status: number;
  body: Served;
  headers: Readonly<Record<string, string | undefined>>;
}

const noLogs: PodLogs = async function* () {
  // nothing ran
};

export const JSON_PATCH = { 'content-type': 'application/json-patch+json' };
export const MERGE_PATCH = { 'content-type': 'application/merge-patch+json' };
export const STRATEGIC_PATCH = { 'content-type': 'application/strategic-merge-patch+json' };
export const APPLY_PATCH = { 'content-type': 'application/apply-patch+yaml' };
export const AS_TABLE = { accept: 'application/json;as=Table;v=v1;g=meta.k8s.io,application/json' };

export interface ApiClient {
  readonly store: Store;
  readonly faults: FaultInjector;
  readonly history: History;
  readonly open: (method: string, path: string, options?: Options) => ReturnType<Transport>;
  readonly request: (method: string, path: string, options?: Options) => Promise<Reply>;
  /** Moves the clock. */
  readonly pass: (seconds: number) => void;
  readonly get: (path: string, headers?: Record<string, string>) => Promise<Reply>;
  readonly post: (path: string, body: unknown) => Promise<Reply>;
  readonly put: (path: string, body: unknown) => Promise<Reply>;
  readonly patch: (path: string, body: unknown, headers: Record<string, string>) => Promise<Reply>;
  readonly remove: (path: string, body?: unknown) => Promise<Reply>;
}

export function createApiClient(podLogs: PodLogs = noLogs): ApiClient {
  let now = new Date('2026-01-01T00:00:00Z');
  const clock = (): Date => now;
  const store = createStore(clock);
  store.create(resourceType('v1', 'Namespace'), { metadata: { name: 'default' }, status: { phase: 'Active' } });
  trackQuotas(store);
  const faults = createFaultInjector();
  const { transport, history } = createApi({ store, clock, podLogs, faults });

  const open = async (method: string, path: string, options: Options = {}) =>
    await transport({
      method,
      path,
      headers: options.headers ?? {},
      body: typeof options.body === 'string' ? options.body : JSON.stringify(options.body),
      signal: options.signal ?? new AbortController().signal,
    });
  const request = async (method: string, path: string, options: Options = {}): Promise<Reply> => {
    const { status, headers, body } = await open(method, path, options);
    const text = await readText(body);
    const isJson = headers['content-type']?.includes('json') ?? false;
    return { status, headers, body: isJson ? JSON.parse(text) : text };
  };

  return {
    store,
    faults,
    history,
    open,
    request,
    pass: (seconds: number) => {
      now = new Date(now.getTime() + seconds * 1000);
    },
    get: async (path: string, headers: Record<string, string> = {}) => await request('GET', path, { headers }),
    post: async (path: string, body: unknown) => await request('POST', path, { body }),
    put: async (path: string, body: unknown) => await request('PUT', path, { body }),
    patch: async (path: string, body: unknown, headers: Record<string, string>) =>
      await request('PATCH', path, { body, headers }),
    remove: async (path: string, body?: unknown) => await request('DELETE', path, { body }),
  };
}

export interface Options {
  body?: unknown;
  headers?: Record<string, string>;
  signal?: AbortSignal;
}

async function readText(body: AsyncIterable<Uint8Array>): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of body) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

/** Reads watch events one by one. */
export async function* readEvents(body: AsyncIterable<Uint8Array>): AsyncGenerator<{ type: string; object: Served }> {
  for await (const chunk of body) {
    for (const line of Buffer.from(chunk).toString().split('\n').filter(Boolean)) yield JSON.parse(line);
  }
}

export const NS = '/api/v1/namespaces/default';
export const APPS = '/apis/apps/v1/namespaces/default';
export const BATCH = '/apis/batch/v1/namespaces/default';

interface Named {
  readonly metadata: { readonly name: string };
}

export function configMap(name: string, extra: object = {}): Named {
  return { metadata: { name }, ...extra };
}

export const podSpec = { containers: [{ name: 'main', image: 'busybox' }] };

export function deployment(name: string): Named & { readonly spec: { readonly template: object } } {
  const selector = { matchLabels: { app: name } };
  const template = { metadata: { labels: { app: name } }, spec: podSpec };
  return { metadata: { name }, spec: { selector, template } as { template: object } };
}
