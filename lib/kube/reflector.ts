// Keeps a mirror of a selection: list, then watch, again and again; and knows how old what the mirror shows may be at most.
import { setTimeout as sleep } from 'node:timers/promises';
import { AppError } from '../errors';
import type { Log } from '../log';
import type { Kube, Page } from './kube';
import type { KubeObject } from './objects';
import type { Selection } from './queries';

/** What a mirror shows: told of each change in the order of the API server. */
export interface Mirror<T> {
  /** Everything there is, after a list. */
  readonly replace: (items: readonly T[]) => void;
  readonly put: (item: T) => void;
  readonly remove: (uid: string) => void;
}

export interface ReflectorOptions<T> {
  readonly kube: Pick<Kube, 'list' | 'watch'>;
  readonly selection: Omit<Selection, 'limit' | 'continueToken' | 'resourceVersion'>;
  /** What of an object the mirror needs: the rest is dropped as soon as it was read. */
  readonly keep: (object: KubeObject) => T;
  readonly mirror: Mirror<T>;
  readonly log: Log;
  readonly pace: Pace;
}

export interface Pace {
  /** The API server ends each watch after this time; its end proves that nothing was missed. */
  readonly watchSeconds: number;
  /** How much longer a watch may be silent until it counts as dead. */
  readonly silenceMs: number;
  /** A watch that ends early is followed by another one only while the mirror is younger than this. */
  readonly relistAfterMs: number;
  readonly firstPauseMs: number;
  readonly longestPauseMs: number;
}

export interface Reflector {
  /** Everything that happened longer ago than this is in the mirror; Infinity before the first list. */
  readonly ageMs: () => number;
  readonly stop: () => void;
}

/** Pages bound the memory of a list, not its result. */
const PAGE_SIZE = 250;
const LIST_PATIENCE_MS = 20_000;
/** Timers of two machines: an end that is this much early is in time. */
const CLOCK_TOLERANCE_MS = 100;

interface Progress {
  /** Up to this time the mirror is known to hold everything. */
  provenAt: number;
  /** Where the next watch goes on; undefined when only a list helps. */
  version: string | undefined;
  failures: number;
}

export function startReflector<T>(options: ReflectorOptions<T>): Reflector {
  const stopped = new AbortController();
  const progress: Progress = { provenAt: -Infinity, version: undefined, failures: 0 };
  void run(options, progress, stopped.signal);
  return { ageMs: () => performance.now() - progress.provenAt, stop: () => stopped.abort() };
}

async function run<T>(options: ReflectorOptions<T>, progress: Progress, stopped: AbortSignal): Promise<void> {
  while (!stopped.aborted) {
    try {
      await advance(options, progress, stopped);
      if (progress.failures > 0) options.log.info('watching again', describe(options));
      progress.failures = 0;
    } catch (error) {
      if (stopped.aborted) return;
      await recover(options, progress, { error, stopped });
    }
  }
}

/** One list if there is need of one, and one watch. */
async function advance<T>(options: ReflectorOptions<T>, progress: Progress, stopped: AbortSignal): Promise<void> {
  const isOld = performance.now() - progress.provenAt > options.pace.relistAfterMs;
  if (progress.version === undefined || isOld) {
    await within(LIST_PATIENCE_MS, stopped, async (signal) => listAll(options, progress, signal));
  }
  const { watchSeconds, silenceMs } = options.pace;
  await within(watchSeconds * 1000 + silenceMs, stopped, async (signal) => follow(options, progress, signal));
}

async function listAll<T>(options: ReflectorOptions<T>, progress: Progress, signal: AbortSignal): Promise<void> {
  const sentAt = performance.now();
  const items: T[] = [];
  let page: Page<KubeObject> | undefined;
  do {
    const next = page?.continueToken === undefined ? {} : { continueToken: page.continueToken };
    page = await options.kube.list({ ...options.selection, limit: PAGE_SIZE, ...next }, { signal });
    for (const object of page.items) items.push(options.keep(object));
  } while (page.continueToken !== undefined);
  options.mirror.replace(items);
  progress.version = page.resourceVersion;
  progress.provenAt = sentAt;
}

/**
 * What arrives proves nothing about what does not: a connection may be late. But the API server ends a watch no sooner
 * than the asked time after the question, and sends everything before the end.
 */
async function follow<T>(options: ReflectorOptions<T>, progress: Progress, signal: AbortSignal): Promise<void> {
  const { kube, selection, mirror, keep, pace } = options;
  const { version: resourceVersion = '' } = progress;
  const sentAt = performance.now();
  const asked = { ...selection, resourceVersion, timeoutSeconds: pace.watchSeconds };
  for await (const { type, object } of kube.watch(asked, { signal })) {
    if (type === 'DELETED') mirror.remove(object.metadata?.uid ?? '');
    else if (type !== 'BOOKMARK') mirror.put(keep(object));
    progress.version = object.metadata?.resourceVersion ?? progress.version;
  }
  const endsAt = sentAt + pace.watchSeconds * 1000;
  if (performance.now() < endsAt - CLOCK_TOLERANCE_MS) throw new Error('the watch ended early');
  progress.provenAt = endsAt;
}

async function recover<T>(
  options: ReflectorOptions<T>,
  progress: Progress,
  { error, stopped }: { readonly error: unknown; readonly stopped: AbortSignal },
): Promise<void> {
  if (isExpired(error)) progress.version = undefined;
  if (progress.failures === 0) options.log.warn('a watch failed and is tried again', { ...describe(options), error });
  const { firstPauseMs, longestPauseMs } = options.pace;
  const pause = Math.min(firstPauseMs * 2 ** progress.failures, longestPauseMs);
  progress.failures += 1;
  await sleep(pause * (0.5 + Math.random()), undefined, { signal: stopped }).catch(() => undefined);
}

/** The version is forgotten by now: only a list tells what happened meanwhile. */
function isExpired(error: unknown): boolean {
  return error instanceof AppError && error.details.fields?.['apiStatus'] === 410;
}

function describe<T>({ selection }: ReflectorOptions<T>): Readonly<Record<string, unknown>> {
  return { kind: selection.kind, namespace: selection.namespace };
}

/** Not AbortSignal.any: one that lives as long as the process would gather dependants. */
async function within<T>(ms: number, stopped: AbortSignal, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const controller = new AbortController();
  const abort = (): void => controller.abort();
  const timer = setTimeout(abort, ms);
  stopped.addEventListener('abort', abort, { once: true });
  try {
    return await work(controller.signal);
  } finally {
    clearTimeout(timer);
    stopped.removeEventListener('abort', abort);
  }
}
