// From the call of a timer to a sweep; nothing else wakes this function by an event.
import { poison, readCarried } from '../../lib/carried';
import type { OnEvent } from '../../lib/http/route';
import { createLatest } from '../../lib/latest';
import type { Context } from './context';
import { sweep } from './end/sweep';

/** Shared by several requests, so it is nobody's own. */
const BUDGET_MS = 50_000;

export function createHandler(context: Context): OnEvent {
  const latest = createLatest();
  return async (event) => {
    // The empty POST of OpenFaaS's cron-connector is no event.
    if (event !== undefined && readCarried(event, context.settings) !== 'timer') {
      throw poison('no_timer', 'Only timers have anything to say here.');
    }
    await latest('sweep', async () => sweep(context, { signal: AbortSignal.timeout(BUDGET_MS) }));
    return undefined;
  };
}
