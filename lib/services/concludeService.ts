// The end of a service: its last log lines and reason are written down, then everything it has is removed.
import type { Call } from '../kube/kube';
import { detailsOf, needsLog } from '../status/details';
import type { KubeEvent } from '../status/observed';
import type { Verdict } from '../status/verdict';
import type { Anchor } from './anchor';
import type { Ending } from './ending';
import type { ServiceContext } from './context';
import { endService } from './endService';
import { endedProgress } from './progress';
import { reviseProgress, type Revise } from './reviseProgress';

/** Escaped it may be six times as long, and a ConfigMap holds 1 MiB. */
const LOG_LIMIT_BYTES = 32 * 1024;

export interface Over {
  /** A final one. */
  readonly verdict: Verdict;
  readonly events: readonly KubeEvent[];
}

/** The last log lines are read while there is still a pod. */
export async function endingOf(context: ServiceContext, { verdict, events }: Over, call: Call): Promise<Ending> {
  const information = context.settings.file.services.status_information;
  const log = needsLog(verdict, information) ? await lastLines(context, verdict, call) : undefined;
  const { phase, reason = 'Exited', message, retryable } = verdict;
  return { phase, reason, message, retryable, details: detailsOf(verdict, { events, log }, information) };
}

/** The hub may never ask again nor send DELETE: what is over is cleaned away now, and told from the record afterwards. */
export async function concludeService(
  context: ServiceContext,
  { anchor, ending }: { readonly anchor: Anchor; readonly ending: Ending },
  call: Call,
): Promise<void> {
  const fields = { anchor: anchor.name, phase: ending.phase, reason: ending.reason };
  const revise: Revise = (progress) => endedProgress(progress, ending, context.clock());
  try {
    const last = await reviseProgress(context, { anchor, revise }, call);
    // Undefined: it was stopped, or somebody else came to the same end.
    if (last === undefined) return;
    await endService(context, { anchor: last, ending }, call);
    context.log.info('service ended', fields);
  } catch (error) {
    context.log.error('an ended service is still there; the next poll or sweep removes it', { ...fields, error });
  }
}

async function lastLines(context: ServiceContext, verdict: Verdict, call: Call): Promise<string | undefined> {
  const { pod, container, restarts } = verdict;
  if (pod === undefined) return undefined;
  const { kube, settings } = context;
  const lines = settings.file.services.status_information.container_logs_lines;
  const query = {
    limitBytes: LOG_LIMIT_BYTES,
    ...(container && { container }),
    ...(lines > 0 && { tailLines: lines }),
  };
  const name = { namespace: settings.namespace, name: pod };
  try {
    const current = await kube.log(name, query, call);
    // Between two attempts the log is still empty: the attempt before tells why.
    const isTelling = current !== undefined && current.trim() !== '';
    return isTelling || restarts === 0 ? current : await kube.log(name, { ...query, previous: true }, call);
  } catch (error) {
    context.log.warn('the log of an ended service could not be read', { pod, error });
    return undefined;
  }
}
