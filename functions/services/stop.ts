// Stops a service: one API request removes its anchors, Kubernetes removes everything that they own.
import type { Call } from '../../lib/kube/kube';
import type { Sought } from '../../lib/services/names';
import { removeAnchors } from '../../lib/services/anchors';
import type { Context } from './context';
import { operationError } from './failure';

/** A hub asks once, and forgets: a stop outlasts its caller and a restart of the API server. Shorter than a gateway's patience. */
const PATIENCE_MS = 50_000;

export function untilStopped(): Call {
  return { signal: AbortSignal.timeout(PATIENCE_MS), isPatient: true };
}

/** False when there was nothing of that name; every start of the name is stopped, also one that is under way. */
export async function stopService(
  context: Context,
  sought: Required<Sought>,
  call: Call = untilStopped(),
): Promise<boolean> {
  try {
    return await context.cache.during(sought, async () => {
      const { found, uids } = await removeAnchors(context, sought, call);
      return { result: found, traces: uids.map((uid) => `removed ${uid}` as const) };
    });
  } catch (error) {
    throw operationError(context.settings.file.error_messages['services.utils.common.stop_service'], error);
  }
}
