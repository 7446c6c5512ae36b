// Whether a pod fits on the node, and if not, why, in the scheduler's own words.
import { selectsNode } from './nodeSelection';
import { addUp, amountsOf, podRequests } from './podRequests';
import type { Node, PersistentVolumeClaim, Pod } from './wire';

export interface Candidate {
  readonly pod: Pod;
  readonly node: Node | undefined;
  /** Bound and not finished: their requests are taken. */
  readonly bound: readonly Pod[];
  readonly claimOf: (name: string) => PersistentVolumeClaim | undefined;
}

const NO_VICTIMS = 'No preemption victims found for incoming pod';
const NO_PREEMPTION = 'Preemption is not helpful for scheduling';

/** `undefined`: it fits. */
export function whyUnschedulable(candidate: Candidate): string | undefined {
  const { pod, node } = candidate;
  const claims = claimFault(candidate);
  if (claims !== undefined) return `0/1 nodes are available: ${claims}. not found`;
  if (node === undefined) return 'no nodes available to schedule pods';
  if (!isTolerated(pod, node)) return unavailable(['1 node(s) were unschedulable'], NO_PREEMPTION);
  if (!selectsNode(pod, node)) {
    return unavailable(["1 node(s) didn't match Pod's node affinity/selector"], NO_PREEMPTION);
  }
  const lacking = lackingResources(candidate, node);
  if (lacking.length === 0) return undefined;
  const wouldFitAlone = lackingResources({ ...candidate, bound: [] }, node).length === 0;
  return unavailable(lacking, wouldFitAlone ? NO_VICTIMS : NO_PREEMPTION);
}

function unavailable(reasons: readonly string[], preemption: string): string {
  const text = `0/1 nodes are available: ${reasons.toSorted().join(', ')}.`;
  return `${text} no new claims to deallocate, preemption: 0/1 nodes are available: 1 ${preemption}.`;
}

function isTolerated({ spec }: Pod, node: Node): boolean {
  if (node.spec.unschedulable !== true) return true;
  return (spec.tolerations ?? []).some(({ operator, key }) => operator === 'Exists' && !key);
}

function claimFault({ pod, claimOf }: Candidate): string | undefined {
  const names = (pod.spec.volumes ?? []).flatMap(({ persistentVolumeClaim }) => persistentVolumeClaim?.claimName ?? []);
  for (const name of names) {
    const claim = claimOf(name);
    if (claim === undefined) return `persistentvolumeclaim "${name}" not found`;
    if (claim.metadata.deletionTimestamp) return `persistentvolumeclaim "${name}" is being deleted`;
    if (claim.status?.phase !== 'Bound') return 'pod has unbound immediate PersistentVolumeClaims';
  }
  return undefined;
}

function lackingResources({ pod, bound }: Candidate, node: Node): readonly string[] {
  const allocatable = amountsOf(node.status?.allocatable);
  const requests = podRequests(pod);
  const taken = addUp(bound.map(podRequests));
  return Object.entries(requests)
    .filter(([name, amount]) => amount > 0 && amount + (taken[name] ?? 0) > (allocatable[name] ?? 0))
    .map(([name]) => (name === 'pods' ? '1 Too many pods' : `1 Insufficient ${name}`));
}
