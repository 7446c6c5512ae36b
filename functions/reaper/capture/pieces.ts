// Which logs a job has: one of each container of each attempt, in the order in which they ran. Pure.
import type { ObservedJob } from '../../../lib/jobs/observedJob';
import type { ContainerStatus, Pod, Terminated } from '../../../lib/status/observed';

export interface Piece {
  readonly pod: string;
  readonly container: string;
  /** It has run, so there has to be a log. */
  readonly hasRun: boolean;
  readonly end: Terminated | undefined;
}

export function piecesOf(pods: readonly Pod[]): readonly Piece[] {
  return pods.flatMap(({ metadata, spec, status }) => {
    const statuses = [...(status?.initContainerStatuses ?? []), ...(status?.containerStatuses ?? [])];
    return [...(spec?.initContainers ?? []), ...(spec?.containers ?? [])].map(({ name }) => ({
      pod: metadata?.name ?? '',
      container: name,
      ...endOf(statuses.find((each) => each.name === name)),
    }));
  });
}

/** Attempts that Kubernetes has counted, but whose pods are no more. */
export function missingAttempts({ status }: ObservedJob, pods: readonly Pod[]): number {
  const { succeeded = 0, failed = 0 } = status ?? {};
  return Math.max(0, succeeded + failed - pods.length);
}

/** The kubelet gives an end to what it never started, too, but no start. */
function endOf(status: ContainerStatus | undefined): Pick<Piece, 'hasRun' | 'end'> {
  const end = status?.state?.terminated ?? status?.lastState?.terminated;
  return { end, hasRun: Boolean(end?.startedAt ?? status?.state?.running) };
}
