// What helm asks of Knative when it looks at revisions, in front of a cluster that has none.
import { Readable } from 'node:stream';
import type { Transport } from '../../../lib/kube/transport';
import type { KubeObject } from '../../../lib/kube/objects';

const API = '/apis/serving.knative.dev/v1';
const verbs = ['get', 'list'];
const resource = (name: string, kind: string): object => ({ name, singularName: '', namespaced: true, kind, verbs });
const RESOURCES = [resource('services', 'Service'), resource('revisions', 'Revision')];

export function withRevisions(transport: Transport, revisions: readonly KubeObject[]): Transport {
  return async (request) => {
    const [path = ''] = request.path.split('?');
    if (!path.startsWith(API)) return transport(request);
    if (path === API) {
      const groupVersion = 'serving.knative.dev/v1';
      return answered(200, { kind: 'APIResourceList', apiVersion: 'v1', groupVersion, resources: RESOURCES });
    }
    if (path.endsWith('/revisions')) {
      return answered(200, {
        kind: 'RevisionList',
        apiVersion: 'serving.knative.dev/v1',
        metadata: {},
        items: revisions,
      });
    }
    return answered(404, { kind: 'Status', apiVersion: 'v1', status: 'Failure', reason: 'NotFound', code: 404 });
  };
}

function answered(status: number, body: object): Awaited<ReturnType<Transport>> {
  const text = Buffer.from(JSON.stringify(body));
  return { status, headers: { 'content-type': 'application/json' }, body: Readable.from([text]) };
}

/** A revision as Knative has it; `active` is one that requests are led to. */
export function revision(name: string, map: string, routingState: string): KubeObject {
  return {
    apiVersion: 'serving.knative.dev/v1',
    kind: 'Revision',
    metadata: { name, namespace: 'jhub', labels: { 'serving.knative.dev/routingState': routingState } },
    spec: {
      volumes: [
        { name: 'config', configMap: { name: map } },
        { name: 'credentials', secret: {} },
      ],
    },
  };
}
