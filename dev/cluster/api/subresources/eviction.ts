// pods/eviction: a deletion that asks first; this cluster has no disruption controller, so nothing stands against it.
import type { KubeObject } from '../../../../lib/kube/objects';
import type { Answer } from '../answer';
import type { Api } from '../context';
import { at } from '../json';
import { readObject } from '../read/get';
import type { ResourceRequest } from '../request';
import { parseBody } from '../write/body';
import { writerOf } from '../write/dryRun';

export function evictPod(api: Api, request: ResourceRequest): Answer {
  const { type, namespace, name } = request.target;
  const writer = writerOf(api, request);
  writer.update(type, disrupted(readObject(api, request), api.clock()), 'status');
  const grace = at(parseBody(request), 'deleteOptions', 'gracePeriodSeconds');
  writer.remove(type, namespace, name, typeof grace === 'number' ? { gracePeriodSeconds: grace } : {});
  return { status: 201, body: { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', code: 201 } };
}

/** By this a Job tells that its pod was evicted, and did not fail. */
function disrupted(pod: KubeObject, now: Date): KubeObject {
  const { conditions = [], ...status } = (pod['status'] ?? {}) as { readonly conditions?: readonly object[] };
  const condition = {
    type: 'DisruptionTarget',
    status: 'True',
    reason: 'EvictionByEvictionAPI',
    message: 'Eviction API: evicting',
    lastTransitionTime: now.toISOString().replace(/\.\d+Z$/, 'Z'),
  };
  return { ...pod, status: { ...status, conditions: [...conditions, condition] } };
}
