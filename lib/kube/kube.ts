// The door to Kubernetes: a few verbs, not-found as a value, every failure an AppError, every call within a deadline.
import { AppError } from '../errors';
import { hasCode } from './errors';
import { openAnswer, sender, type Send, type SendText } from './exchange';
import type { KubeObject } from './objects';
import {
  logPath,
  selectionPath,
  watchPath,
  type LogQuery,
  type PodRef,
  type Selection,
  type WatchSelection,
} from './queries';
import { collectionPath, objectPath, refOf, type ObjectRef } from './resources';
import type { Attempt } from './retry';
import type { Transport } from './transport';
import { watchEvents, type WatchEvent } from './watch';

export interface Call {
  /** Ends the call; taken from the request that asks, so that work for nobody stops. */
  readonly signal: AbortSignal;
  /** Repeats what may pass until the signal aborts, instead of for about a second. */
  readonly isPatient?: boolean;
}

export interface Page<T> {
  readonly items: readonly T[];
  readonly continueToken: string | undefined;
  readonly resourceVersion: string | undefined;
}

export interface Preconditions {
  readonly uid: string;
  readonly resourceVersion?: string;
}

export interface Kube {
  get<T extends KubeObject>(ref: ObjectRef, call: Call): Promise<T | undefined>;
  list<T extends KubeObject>(selection: Selection, call: Call): Promise<Page<T>>;
  /** All objects of a selection, page by page, in constant memory; those of a long list may be of several moments. */
  pages<T extends KubeObject>(selection: Selection & { limit: number }, call: Call): AsyncIterable<readonly T[]>;
  /** Every change after a version, and bookmarks; never repeated by itself. Fails with apiStatus 410 when the version is too old. */
  watch<T extends KubeObject>(selection: WatchSelection, call: Call): AsyncIterable<WatchEvent<T>>;
  /** Fails with code `already_exists` when the name is taken, perhaps by an earlier attempt of the same create. */
  create<T extends KubeObject>(object: T, call: Call): Promise<T>;
  /** Makes nothing, and fails as `create` would: https://kubernetes.io/docs/reference/using-api/api-concepts/#dry-run */
  tryCreate(object: KubeObject, call: Call): Promise<void>;
  /** Server-side apply: what this field manager wants, and nothing else. */
  apply<T extends KubeObject>(object: T, call: Call): Promise<T>;
  mergePatch<T extends KubeObject>(ref: ObjectRef, patch: object, call: Call): Promise<T | undefined>;
  /** True when this call removed it, as far as it can know; false when it was gone or is another object by now. Dependents follow in the background. */
  delete(ref: ObjectRef, preconditions: Preconditions, call: Call): Promise<boolean>;
  /** Removes all that a selection holds, in one request; `repeated` when an earlier attempt may have removed some uncounted. */
  deleteAll<T extends KubeObject>(
    selection: Selection & { labelSelector: string },
    call: Call,
  ): Promise<Attempt<readonly T[]>>;
  /** The log of one container as text, or undefined when there is none (yet, or any more). */
  log(pod: PodRef, query: LogQuery, call: Call): Promise<string | undefined>;
  /** The same as it comes, in constant memory; not repeated, and broken off with an error. */
  logStream(pod: PodRef, query: LogQuery, call: Call): Promise<AsyncIterable<Uint8Array> | undefined>;
  /** Resolves when the API server says that it is ready to serve. */
  ready(call: Call): Promise<void>;
}

const FIELD_MANAGER = 'hub-functions';
/** https://kubernetes.io/docs/reference/using-api/api-concepts/#metadata-only-fetches */
const METADATA_ONLY = 'application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io,application/json';

interface ListObject<T> {
  /** Null where a list of metadata has none. */
  readonly items?: readonly T[] | null;
  readonly metadata?: { readonly continue?: string; readonly resourceVersion?: string };
}

export function createKube(transport: Transport): Kube {
  const { send, sendText } = sender(transport);
  return {
    ...readers(send, sendText),
    logStream: async (pod, query, { signal }) => logStream(transport, logPath(pod, query), signal),
    ...writers(send),
    watch: (selection, { signal }) => watchEvents(transport, watchPath(selection), signal),
  };
}

function readers(send: Send, sendText: SendText): Pick<Kube, 'get' | 'list' | 'pages' | 'log' | 'ready'> {
  const list = async <T extends KubeObject>(selection: Selection, call: Call): Promise<Page<T>> => {
    const { metadataOnly, ...selected } = selection;
    const accept = metadataOnly && { accept: METADATA_ONLY };
    const { value } = await send({ method: 'GET', path: selectionPath(selected), ...accept }, call);
    const { items, metadata } = value as ListObject<T>;
    return {
      items: items ?? [],
      continueToken: metadata?.continue || undefined,
      resourceVersion: metadata?.resourceVersion,
    };
  };
  return {
    list,
    get: async (ref, call) => foundOrUndefined(send({ method: 'GET', path: objectPath(ref) }, call)),
    async *pages<T extends KubeObject>(selection: Selection & { limit: number }, call: Call) {
      const read = async (from: object): Promise<Page<T>> => {
        const wanted: Selection = { ...selection, ...from };
        return list<T>(wanted, call).catch(async (error: unknown) =>
          list<T>({ ...wanted, continueToken: remainderOf(error) }, call),
        );
      };
      let next: Promise<Page<T>> | undefined = read({});
      while (next !== undefined) {
        const { items, continueToken }: Page<T> = await next;
        // The API server looks for the next one while this one is worked on.
        next = continueToken === undefined ? undefined : read({ continueToken });
        // It is told when it is asked for; whoever does not go on never hears of it.
        next?.catch(() => undefined);
        yield items;
      }
    },
    log: async (pod, query, call) => {
      const sent = sendText({ method: 'GET', path: logPath(pod, query) }, call);
      return presentOrUndefined(sent.then(({ value }) => value));
    },
    ready: async (call) => {
      await sendText({ method: 'GET', path: '/readyz' }, call);
    },
  };
}

/** A list that took longer than its state is kept goes on in the present one. Any other failure stays one. */
function remainderOf(error: unknown): string {
  const token = error instanceof AppError ? error.details.fields?.['goesOnWith'] : undefined;
  if (typeof token === 'string') return token;
  throw error;
}

function writers(send: Send): Pick<Kube, 'create' | 'tryCreate' | 'apply' | 'mergePatch' | 'delete' | 'deleteAll'> {
  return {
    create: async <T extends KubeObject>(object: T, call: Call) =>
      (await send({ method: 'POST', path: collectionPath(refOf(object)), body: object }, call)).value as T,
    tryCreate: async (object, call) => {
      await send({ method: 'POST', path: `${collectionPath(refOf(object))}?dryRun=All`, body: object }, call);
    },
    apply: async <T extends KubeObject>(object: T, call: Call) => {
      const path = `${objectPath(refOf(object))}?fieldManager=${FIELD_MANAGER}&force=true`;
      const contentType = 'application/apply-patch+yaml';
      return (await send({ method: 'PATCH', path, body: object, contentType }, call)).value as T;
    },
    mergePatch: async (ref, patch, call) => {
      const contentType = 'application/merge-patch+json';
      return foundOrUndefined(send({ method: 'PATCH', path: objectPath(ref), body: patch, contentType }, call));
    },
    delete: async (ref, preconditions, call) => {
      const body = { propagationPolicy: 'Background', preconditions };
      try {
        await send({ method: 'DELETE', path: objectPath(ref), body }, call);
        return true;
      } catch (error) {
        if (hasCode(error, 'not_found')) return error.details.fields?.['repeated'] === true;
        if (hasCode(error, 'conflict')) return false;
        throw error;
      }
    },
    deleteAll: async <T extends KubeObject>(selection: Selection, call: Call) => {
      const body = { propagationPolicy: 'Background' };
      const { value, repeated } = await send({ method: 'DELETE', path: selectionPath(selection), body }, call);
      return { value: (value as ListObject<T>).items ?? [], repeated };
    },
  };
}

async function foundOrUndefined<T>(result: Promise<Attempt<unknown>>): Promise<T | undefined> {
  try {
    return (await result).value as T;
  } catch (error) {
    if (hasCode(error, 'not_found')) return undefined;
    throw error;
  }
}

/** A container that has not started is refused with 400. */
async function presentOrUndefined<T>(result: Promise<T>): Promise<T | undefined> {
  try {
    return await result;
  } catch (error) {
    if (hasCode(error, 'not_found', 'bad_request')) return undefined;
    throw error;
  }
}

async function logStream(transport: Transport, path: string, signal: AbortSignal) {
  const answer = await presentOrUndefined(openAnswer(transport, { method: 'GET', path }, signal));
  return answer?.body;
}
