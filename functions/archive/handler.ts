// From an event to the user whose mover it hints at, or to a sweep; everything that counts is read again from the cluster.
import type { OnEvent } from '../../lib/http/route';
import type { Call } from '../../lib/kube/kube';
import { createLatest } from '../../lib/latest';
import type { Context } from './context';
import { readHint, type Hint } from './hint';
import { advanceUser } from './operation/advance';
import { fillClaims } from './restores/fill';
import { sweep } from './sweep';

export function createHandler(context: Context): OnEvent {
  const latest = createLatest();
  // Shared by several requests, so it is nobody's own.
  const call = (): Call => ({ signal: AbortSignal.timeout(context.settings.sweepSeconds * 1000) });
  return async (event) => {
    // The empty POST of OpenFaaS's cron-connector is no event.
    const hint: Hint = event === undefined ? { about: 'everything' } : readHint(event, context.settings);
    if (hint.about === 'everything') await latest('everything', async () => sweep(context, call()));
    if (hint.about === 'user') await latest(hint.userHash, async () => advanceUser(context, hint.userHash, call()));
    // What has ended may be what somebody waits for.
    const mayHelp = hint.about === 'user' || hint.about === 'restores';
    if (mayHelp) await latest('restores', async () => fillClaims(context, call()));
    return undefined;
  };
}
