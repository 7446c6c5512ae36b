// The few fields of a Kubernetes Job that decide what state it is in.
import type { ObjectMeta } from '../kube/objects';
import type { Condition } from '../status/observed';

export interface ObservedJob {
  readonly metadata?: ObjectMeta | undefined;
  readonly spec?: JobSpec | undefined;
  readonly status?: JobStatus | undefined;
}

interface JobSpec {
  readonly suspend?: boolean | undefined;
  readonly backoffLimit?: number | undefined;
  readonly template?:
    { readonly spec?: { readonly activeDeadlineSeconds?: number | undefined } | undefined } | undefined;
}

interface JobStatus {
  /** ISO time at which the Job was released for the first or the last time; no pod has to run by then. */
  readonly startTime?: string | undefined;
  /** Of a success only; a failure has the time of its condition. */
  readonly completionTime?: string | undefined;
  readonly conditions?: readonly Condition[] | undefined;
  /** Pods whose container runs; these three are told a moment late. */
  readonly ready?: number | undefined;
  readonly succeeded?: number | undefined;
  readonly failed?: number | undefined;
  /** Pods that are to be deleted and have not ended; old API servers do not tell it. */
  readonly terminating?: number | undefined;
}
