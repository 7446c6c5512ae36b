// What a check says of a cluster.
import type { Seen } from '../../lib/kube/look';

export interface Finding {
  readonly check: string;
  /** `warn`: it can be installed, and something will be missing. `fail`: it cannot. */
  readonly outcome: 'ok' | 'warn' | 'fail';
  readonly message: string;
  /** What to do about it. */
  readonly fix?: string;
}

export function ok(check: string, message: string): Finding {
  return { check, outcome: 'ok', message };
}

export function warn(check: string, message: string, fix: string): Finding {
  return { check, outcome: 'warn', message, fix };
}

export function fail(check: string, message: string, fix: string): Finding {
  return { check, outcome: 'fail', message, fix };
}

/** What is hidden is no reason to refuse: whoever may look says whether it is there. */
export function hidden(check: string, what: string): Finding {
  return warn(check, `you may not look at ${what}`, `ask somebody who may to run hubfn doctor as well`);
}

export function valueOf<T>(seen: Seen<T>): T | undefined {
  return seen.outcome === 'found' ? seen.value : undefined;
}
