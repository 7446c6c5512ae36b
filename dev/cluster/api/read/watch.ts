// watch=true: changes as a stream of JSON lines, from a version on, with bookmarks, until its time is over.
import type { KubeObject } from '../../../../lib/kube/objects';
import type { Answer } from '../answer';
import type { Api } from '../context';
import { storedType, toServed } from '../eventsApi';
import type { ResourceRequest } from '../request';
import { failureStatus, invalidOptions } from '../status';
import { apiVersionOf } from '../../resources';
import type { StoreEvent } from '../../store';
import { rendererFor } from '../table/representation';
import { forbiddenField } from '../validation/fault';
import { createLineQueue, type LineQueue } from './lineQueue';
import { selectionOf } from './selection';
import { checkVersion } from './versions';

interface WireEvent {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK' | 'ERROR';
  readonly object: object;
}

const BOOKMARK_INTERVAL_MS = 60_000;
const DEFAULT_TIMEOUT_SECONDS = 1800;
const SEND_INITIAL_EVENTS_FAULT = forbiddenField(
  'resourceVersionMatch',
  'sendInitialEvents requires setting resourceVersionMatch to NotOlderThan',
);
const INITIAL_EVENTS_END = 'k8s.io/initial-events-end';

export function watchObjects(api: Api, request: ResourceRequest): Answer {
  const start = startOf(api, request);
  const queue = createLineQueue();
  if (start === 'too old') queue.push(tooOld(api, request));
  else follow({ api, request, queue, ...start });
  if (start === 'too old') queue.close();
  return { status: 200, body: queue.lines };
}

interface Start {
  readonly initial: readonly KubeObject[];
  readonly replay: readonly StoreEvent[];
}

/** No version, version 0 or `sendInitialEvents`: the present objects come first as ADDED. */
function startOf({ store, history }: Api, { target, query }: ResourceRequest): Start | 'too old' {
  const type = storedType(target.type);
  const version = versionOfQuery(query, store.resourceVersion);
  const sendsInitial = query.get('sendInitialEvents') ?? String(version === 0);
  if (sendsInitial === 'true') return { initial: store.list(type, target.namespace || undefined), replay: [] };
  const replay = version === 0 ? [] : history.since(type, version);
  return replay === undefined ? 'too old' : { initial: [], replay };
}

/** 0 stands for none as well: both mean "any state". */
function versionOfQuery(query: URLSearchParams, current: number): number {
  const version = query.get('resourceVersion') ?? '';
  checkVersion(query, current);
  if (query.get('sendInitialEvents') !== null && query.get('resourceVersionMatch') !== 'NotOlderThan') {
    throw invalidOptions('ListOptions', SEND_INITIAL_EVENTS_FAULT);
  }
  return Number(version);
}

interface Following extends Start {
  readonly api: Api;
  readonly request: ResourceRequest;
  readonly queue: LineQueue;
}

function follow({ api, request, queue, initial, replay }: Following): void {
  const { query, target, signal } = request;
  const { matches } = selectionOf(request);
  const render = rendererFor(api, request);
  const send = (event: WireEvent | undefined): void => {
    if (event !== undefined) queue.push(event);
  };
  const pass = (event: StoreEvent): void =>
    send(project(event, matches, (object) => render(toServed(target.type, object))));
  const bookmark = (): void => {
    if (query.get('allowWatchBookmarks') === 'true') send(bookmarkOf(api, request));
  };

  for (const object of initial) {
    if (matches(object)) send({ type: 'ADDED', object: render(toServed(target.type, object)) });
  }
  if (query.get('sendInitialEvents') === 'true') send(bookmarkOf(api, request, { [INITIAL_EVENTS_END]: 'true' }));
  for (const event of replay) pass(event);

  const unsubscribe = api.history.subscribe(storedType(target.type), pass);
  const interval = setInterval(bookmark, BOOKMARK_INTERVAL_MS).unref();
  const seconds = Number(query.get('timeoutSeconds')) || DEFAULT_TIMEOUT_SECONDS;
  const end = (): void => {
    bookmark();
    queue.close();
  };
  const timeout = setTimeout(end, Math.min(seconds * 1000, 2 ** 31 - 1)).unref();
  queue.onClose(() => {
    unsubscribe();
    clearInterval(interval);
    clearTimeout(timeout);
  });
  const over = AbortSignal.any([signal, api.ended]);
  if (over.aborted) queue.close();
  over.addEventListener('abort', queue.close, { once: true });
}

/** A change as a selector sees it: what enters the selection is ADDED, what leaves it DELETED. */
function project(
  { type, object, previous }: StoreEvent,
  matches: (object: KubeObject) => boolean,
  render: (object: KubeObject) => object,
): WireEvent | undefined {
  const was = previous !== undefined && matches(previous);
  const is = type !== 'DELETED' && matches(object);
  if (is) return { type: was ? 'MODIFIED' : 'ADDED', object: render(object) };
  if (!was) return undefined;
  const last = { ...previous, metadata: { ...previous.metadata, ...versionOnly(object) } };
  return { type: 'DELETED', object: render(type === 'DELETED' ? object : last) };
}

function versionOnly(object: KubeObject): { resourceVersion: string } {
  return { resourceVersion: object.metadata?.resourceVersion ?? '' };
}

function bookmarkOf({ store }: Api, { target }: ResourceRequest, annotations?: Record<string, string>): WireEvent {
  const metadata = { resourceVersion: String(store.resourceVersion), creationTimestamp: null };
  const object = {
    kind: target.type.kind,
    apiVersion: apiVersionOf(target.type),
    metadata: annotations === undefined ? metadata : { ...metadata, annotations },
  };
  return { type: 'BOOKMARK', object };
}

function tooOld({ store }: Api, { query }: ResourceRequest): WireEvent {
  const message = `too old resource version: ${query.get('resourceVersion')} (${store.resourceVersion})`;
  return { type: 'ERROR', object: failureStatus({ reason: 'Expired', message, code: 410 }) };
}
