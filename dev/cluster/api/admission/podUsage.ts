// What a pod counts for in a quota; a finished one only counts as an object.
import type { KubeObject } from '../../../../lib/kube/objects';
import { PODS, shaped } from '../../controllers/client';
import { podLimits, podRequests } from '../../controllers/podRequests';
import { isFinished } from '../../controllers/podState';

export function usageOfPod(object: KubeObject): ReadonlyMap<string, number> {
  const pod = shaped(PODS, object);
  if (isFinished(pod)) return new Map();
  const { pods = 1, ...requests } = podRequests(pod);
  const { cpu = 0, memory = 0 } = requests;
  return new Map([
    ...Object.entries({ pods, cpu, memory }),
    ...Object.entries(requests).map(([name, amount]) => [`requests.${name}`, amount] as const),
    ...Object.entries(podLimits(pod)).map(([name, amount]) => [`limits.${name}`, amount] as const),
  ]);
}
