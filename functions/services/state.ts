// What a poll tells beside the record of the service.
import type { Details } from '../../lib/status/details';
import type { Verdict } from '../../lib/status/verdict';
import type { Ending } from '../../lib/services/ending';

export interface State {
  readonly running: boolean;
  readonly details: Details | undefined;
  readonly status: {
    readonly phase: string;
    readonly reason: string | null;
    readonly message: string;
    readonly retryable: boolean;
  };
}

/** Anything that may still change counts as running: a hub gives a server up for good at the first "no". */
export function openState({ phase, reason, message, retryable }: Verdict): State {
  return { running: true, details: undefined, status: { phase, reason: reason ?? null, message, retryable } };
}

export function endedState({ phase, reason, message, retryable, details }: Ending): State {
  return { running: false, details, status: { phase, reason, message, retryable } };
}

/** While the cluster cannot be asked; `summary` is the contract's configurable text. */
export function unknownState(summary: string): State {
  const message = 'The cluster could not be asked. Nothing is known to have stopped.';
  return {
    running: true,
    details: { error: summary, detailed_error: message },
    status: { phase: 'unknown', reason: 'ClusterUnavailable', message, retryable: true },
  };
}
