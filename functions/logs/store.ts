// Handlers and the list of their changes in the cluster: one ConfigMap, changed by whoever read its newest version.
import { setTimeout as sleep } from 'node:timers/promises';
import * as z from 'zod';
import { AppError } from '../../lib/errors';
import { hasCode } from '../../lib/kube/errors';
import type { Call } from '../../lib/kube/kube';
import type { KubeObject } from '../../lib/kube/objects';
import {
  documentLabels,
  documentRef,
  DOCUMENT_NAME,
  HANDLERS_KEY,
  readHandlers,
  type Handlers,
} from '../../lib/logHandlers/document';
import type { Configuration, HandlerName } from '../../lib/logHandlers/settings';
import type { Changed, Method } from './change';
import type { Context } from './context';

const CHANGES_KEY = 'changes.json';
const MAX_CHANGES = 100;
/** A quarter of what the ConfigMap may hold. */
const MAX_CHANGES_BYTES = 256 * 1024;
const ATTEMPTS = 10;
const PAUSE_MS = 20;

/** Who did what when. */
export interface Change {
  readonly time: string;
  readonly user: string;
  readonly action: Method;
  readonly handler: HandlerName;
  readonly before: Configuration | null;
  readonly after: Configuration | null;
}

const changesSchema = z.array(z.custom<Change>((value) => typeof value === 'object' && value !== null));

type Store = Pick<Context, 'kube' | 'settings'>;

export async function readDocument({ kube, settings }: Store, call: Call): Promise<KubeObject | undefined> {
  return kube.get<KubeObject>(documentRef(settings.namespace), call);
}

/** Newest first; what somebody has written by hand, and is no list of changes, is none. */
export function changesOf(object: KubeObject | undefined): readonly Change[] {
  const { [CHANGES_KEY]: text = '[]' } = (object?.['data'] ?? {}) as Readonly<Record<string, string>>;
  try {
    return changesSchema.parse(JSON.parse(text));
  } catch {
    return [];
  }
}

/** Throws what to do about a configuration that somebody has written by hand, and that is none. */
export function handlersOf(object: KubeObject | undefined): Handlers {
  try {
    return readHandlers(object);
  } catch (error) {
    const message = `ConfigMap ${DOCUMENT_NAME} holds no configuration of log handlers: correct or delete it.`;
    throw new AppError('handlers_unreadable', 409, message, { cause: error });
  }
}

/** `decide` may be asked again, when somebody else was faster. */
export async function changeHandlers(
  store: Store,
  decide: (handlers: Handlers) => { readonly changed: Changed; readonly change: Change },
  call: Call,
): Promise<Changed> {
  for (let attempt = 1; ; attempt += 1) {
    const object = await readDocument(store, call);
    const { changed, change } = decide(handlersOf(object));
    const changes = newest([change, ...changesOf(object)]);
    const data = { [HANDLERS_KEY]: JSON.stringify(changed.handlers), [CHANGES_KEY]: JSON.stringify(changes) };
    try {
      await write(store, { object, data }, call);
      return changed;
    } catch (error) {
      if (!hasCode(error, 'conflict', 'already_exists', 'document_gone')) throw error;
      if (attempt === ATTEMPTS)
        throw new AppError('busy', 503, 'Others change the handlers.', { retryAfterSeconds: 1, cause: error });
      await sleep(PAUSE_MS * attempt * Math.random(), undefined, call);
    }
  }
}

/** As many as there is room for. */
function newest(changes: readonly Change[]): readonly Change[] {
  const sizes = changes.map((each) => Buffer.byteLength(JSON.stringify(each)));
  const isWithin = (count: number): boolean => sizes.slice(0, count).reduce((a, b) => a + b, 0) <= MAX_CHANGES_BYTES;
  return changes.slice(0, MAX_CHANGES).filter((_each, index) => isWithin(index + 1));
}

interface Written {
  /** What was read; undefined when there was none. */
  readonly object: KubeObject | undefined;
  readonly data: Readonly<Record<string, string>>;
}

async function write({ kube, settings }: Store, { object, data }: Written, call: Call): Promise<void> {
  const { namespace } = settings;
  if (object === undefined) {
    const metadata = { name: DOCUMENT_NAME, namespace, labels: documentLabels() };
    await kube.create({ apiVersion: 'v1', kind: 'ConfigMap', metadata, data }, call);
    return;
  }
  // The API server refuses it with a conflict when this is not the newest version any more.
  const { resourceVersion } = object.metadata ?? {};
  const patched = await kube.mergePatch(documentRef(namespace), { metadata: { resourceVersion }, data }, call);
  if (patched === undefined) throw new AppError('document_gone', 503, 'The configuration was deleted meanwhile.');
}
