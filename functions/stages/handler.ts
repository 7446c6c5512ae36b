// From an event to the set that it hints at, or to a sweep; everything that counts is read again from the cluster.
import type { OnEvent } from '../../lib/http/route';
import type { Call } from '../../lib/kube/kube';
import { createLatest } from '../../lib/latest';
import { attendTo } from './attend';
import type { Context } from './context';
import { readHint, type Hint } from './hint';
import { sweep } from './sweep';

/** Shared by several requests, so it is nobody's own; well below what a gateway waits. */
const BUDGET_MS = 30_000;

export function createHandler(context: Context): OnEvent {
  const latest = createLatest();
  return async (event) => {
    // The empty POST of OpenFaaS's cron-connector is no event.
    const hint: Hint = event === undefined ? { about: 'everything' } : readHint(event, context.settings);
    if (hint.about === 'everything') await latest('everything', async () => sweep(context, call()));
    // A burst of events about one set costs as much as two.
    if (hint.about === 'set')
      await latest(`set ${hint.id}`, async () => void (await attendTo(context, hint.id, call())));
    return undefined;
  };
}

function call(): Call {
  return { signal: AbortSignal.timeout(BUDGET_MS) };
}
