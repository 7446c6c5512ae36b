// The status function of a test, and the CloudEvents that a platform would send it.
import { randomUUID } from 'node:crypto';
import type { FunctionProcess } from './functionProcess';
import type { Answer, Sent } from './httpClient';
import type { KubeClient } from './kubeClient';

export const UPDATED = 'dev.knative.apiserver.resource.update';
const PING = 'dev.knative.sources.ping';

export interface Caller {
  /** A CloudEvent in binary mode. */
  readonly send: (type: string, data?: unknown, headers?: Sent['headers']) => Promise<Answer>;
  /** An event for each pod of a service, as it is now. */
  readonly hint: (name: string) => Promise<readonly Answer[]>;
  readonly ping: () => Promise<Answer>;
}

export function callerOf({ request }: Pick<FunctionProcess, 'request'>, kube: KubeClient): Caller {
  const send: Caller['send'] = async (type, data, headers = {}) =>
    request('POST', '/', {
      ...(data !== undefined && { json: data }),
      headers: {
        'ce-specversion': '1.0',
        'ce-id': randomUUID(),
        'ce-source': 'https://10.43.0.1:443',
        'ce-type': type,
        ...headers,
      },
    });
  return {
    send,
    hint: async (name) => {
      const pods = await kube.list('pods');
      const own = pods.filter(({ metadata }) => metadata?.name?.startsWith(`deployment-main-${name}-`));
      return Promise.all(own.map(async (pod) => send(UPDATED, { apiVersion: 'v1', kind: 'Pod', ...pod })));
    },
    ping: async () => send(PING, undefined, { 'ce-source': '/apis/v1/namespaces/hub/pingsources/status' }),
  };
}
