// Why a mover that was started has not begun, in the words of Kubernetes. Pure.
import { hasEnded, inOrder, statusesOf } from '../../../lib/jobs/attempts';
import type { Pod } from '../../../lib/status/observed';
import { excerpt } from '../../../lib/status/verdict';

/** No node has room for it, its Secret is missing, its image cannot be had; undefined where nothing is told. */
export function heldUpBy(pods: readonly Pod[]): string | undefined {
  const pod = inOrder(pods).findLast((each) => !hasEnded(each));
  if (pod === undefined || pod.status?.phase === 'Running') return undefined;
  const message = withoutNode(pod) ?? withoutContainer(pod);
  return message === undefined ? undefined : excerpt(message);
}

function withoutNode({ status }: Pod): string | undefined {
  return status?.conditions?.find(({ type, status: held }) => type === 'PodScheduled' && held === 'False')?.message;
}

function withoutContainer(pod: Pod): string | undefined {
  return statusesOf(pod).find(({ state }) => state?.waiting?.message !== undefined)?.state?.waiting?.message;
}
