// What the kubelet needs to know of its machine.
import type { Log } from '../controllers/reconcile';

export interface KubeletOptions {
  /** Where pods, logs and volumes lie; belongs to this kubelet alone. */
  readonly stateDir: string;
  /** PATH, HOME, LANG and TMPDIR are passed to containers, nothing else. */
  readonly environment: Readonly<Record<string, string>>;
  readonly clock: () => Date;
  /** First delay before a failed container is started again; 10 s as in Kubernetes, the longest is 30 times that. */
  readonly backOffBaseMs?: number;
  readonly log?: Log;
}

export const DEFAULT_BACK_OFF_BASE_MS = 10_000;
