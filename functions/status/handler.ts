// From an event to the service it hints at; everything that counts is read again from the cluster.
import type { OnEvent } from '../../lib/http/route';
import type { Call } from '../../lib/kube/kube';
import type { KubeObject } from '../../lib/kube/objects';
import { attend } from './attend';
import type { Context } from './context';
import { hintOfLabels, readHint, type Hint } from './hint';
import { createLatest } from '../../lib/latest';
import { readSubject } from './subject';
import { sweep } from './sweep';

/** Shared by several requests, so it is nobody's own; well below what a gateway waits. */
const BUDGET_MS = 30_000;

export function createHandler(context: Context): OnEvent {
  const latest = createLatest();
  return async (event, { signal }) => {
    // The empty POST of OpenFaaS's cron-connector is no event.
    const hint: Hint = event === undefined ? { about: 'everything' } : readHint(event, context.settings);
    if (hint.about === 'everything') await sweep(context, { signal });
    else await followHint(hint, { signal });
    return undefined;
  };

  async function followHint(hint: ServiceHint, call: Call): Promise<void> {
    const anchor = await anchorOf(context, hint, call);
    if (anchor === undefined) return;
    // A burst of events about one service costs as much as two.
    await latest(anchor, async () => attendTo(context, anchor, { signal: AbortSignal.timeout(BUDGET_MS) }));
  }
}

type ServiceHint = Exclude<Hint, { readonly about: 'everything' }>;

/** The name of the anchor that a hint leads to. */
async function anchorOf(context: Context, hint: ServiceHint, call: Call): Promise<string | undefined> {
  if (hint.about !== 'object') return hint.about === 'service' ? hint.anchor : undefined;
  const { namespace } = context.settings;
  const object = await context.kube.get<KubeObject>({ ...hint.involved, namespace }, call);
  const found = hintOfLabels(object?.metadata?.labels);
  return found.about === 'service' ? found.anchor : undefined;
}

/** Events outlive what they are about: what is gone or over needs nobody's attention. */
async function attendTo(context: Context, name: string, call: Call): Promise<void> {
  const subject = await readSubject(context, name, call);
  if (subject !== undefined) await attend(context, subject, call);
}
