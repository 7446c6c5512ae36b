// pods/eviction: a deletion that asks first; this cluster has no disruption controller, so nothing stands against it.
import type { Answer } from '../answer';
import type { Api } from '../context';
import { at } from '../json';
import { readObject } from '../read/get';
import type { ResourceRequest } from '../request';
import { parseBody } from '../write/body';
import { writerOf } from '../write/dryRun';

export function evictPod(api: Api, request: ResourceRequest): Answer {
  const { type, namespace, name } = request.target;
  readObject(api, request);
  const grace = at(parseBody(request), 'deleteOptions', 'gracePeriodSeconds');
  writerOf(api, request).remove(type, namespace, name, typeof grace === 'number' ? { gracePeriodSeconds: grace } : {});
  return { status: 201, body: { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', code: 201 } };
}
