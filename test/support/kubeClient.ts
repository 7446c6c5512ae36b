// A client of the API server for tests, independent of lib/kube: one namespace, plain objects in and out.
import { Agent, request as open } from 'node:https';
import { buffer } from 'node:stream/consumers';
import type { KubeObject } from '../../lib/kube/objects';

export interface ApiServer {
  readonly url: string;
  readonly ca: Buffer;
  /** Either a token or a client certificate. */
  readonly token?: string | undefined;
  readonly cert?: Buffer | undefined;
  readonly key?: Buffer | undefined;
}

export interface KubeAnswer {
  readonly status: number;
  readonly body: KubeObject & { readonly items?: readonly KubeObject[] };
}

export interface KubeClient {
  readonly send: (method: string, path: string, body?: object) => Promise<KubeAnswer>;
  readonly list: (plural: string, labelSelector?: string) => Promise<readonly KubeObject[]>;
  readonly get: (plural: string, name: string) => Promise<KubeObject | undefined>;
  readonly create: (plural: string, object: object) => Promise<KubeObject>;
  readonly patch: (plural: string, name: string, patch: object) => Promise<KubeObject>;
  readonly remove: (plural: string, name: string, options?: object) => Promise<void>;
  /** `Secret/secret-a-b`: everything in the namespace that no empty namespace has. */
  readonly everything: (selector?: string) => Promise<readonly string[]>;
  readonly close: () => void;
}

interface Resource {
  readonly group: string;
  readonly kind: string;
}

const resource = (group: string, kind: string): Resource => ({ group, kind });

const RESOURCES: Readonly<Record<string, Resource>> = {
  configmaps: resource('api/v1', 'ConfigMap'),
  events: resource('api/v1', 'Event'),
  persistentvolumeclaims: resource('api/v1', 'PersistentVolumeClaim'),
  pods: resource('api/v1', 'Pod'),
  resourcequotas: resource('api/v1', 'ResourceQuota'),
  secrets: resource('api/v1', 'Secret'),
  serviceaccounts: resource('api/v1', 'ServiceAccount'),
  services: resource('api/v1', 'Service'),
  daemonsets: resource('apis/apps/v1', 'DaemonSet'),
  deployments: resource('apis/apps/v1', 'Deployment'),
  replicasets: resource('apis/apps/v1', 'ReplicaSet'),
  statefulsets: resource('apis/apps/v1', 'StatefulSet'),
  cronjobs: resource('apis/batch/v1', 'CronJob'),
  jobs: resource('apis/batch/v1', 'Job'),
  ingresses: resource('apis/networking.k8s.io/v1', 'Ingress'),
  networkpolicies: resource('apis/networking.k8s.io/v1', 'NetworkPolicy'),
  poddisruptionbudgets: resource('apis/policy/v1', 'PodDisruptionBudget'),
};

const NOT_CONTENT = new Set(['events', 'resourcequotas']);
const GIVEN = new Set(['ConfigMap/kube-root-ca.crt', 'ServiceAccount/default']);

export function kubeClient(server: ApiServer, namespace: string): KubeClient {
  const agent = new Agent({ keepAlive: true, ca: server.ca, cert: server.cert, key: server.key });
  const send = sender(server, agent);
  const pathOf = (plural: string, name = ''): string =>
    `/${RESOURCES[plural]?.group}/namespaces/${namespace}/${plural}${name && `/${name}`}`;
  const list: KubeClient['list'] = async (plural, selector = '') => {
    const { items = [] } = expectOk(
      await send('GET', `${pathOf(plural)}?labelSelector=${encodeURIComponent(selector)}`),
    );
    return items;
  };
  return {
    send,
    list,
    get: async (plural, name) => {
      const answer = await send('GET', pathOf(plural, name));
      return answer.status === 404 ? undefined : expectOk(answer);
    },
    create: async (plural, object) => expectOk(await send('POST', pathOf(plural), object)),
    patch: async (plural, name, patch) => expectOk(await send('PATCH', pathOf(plural, name), patch)),
    remove: async (plural, name, options) => void expectOk(await send('DELETE', pathOf(plural, name), options)),
    everything: async (selector) => {
      const kinds = Object.keys(RESOURCES).filter((plural) => !NOT_CONTENT.has(plural));
      const lists = await Promise.all(kinds.map(async (plural) => named(plural, await list(plural, selector))));
      return lists
        .flat()
        .filter((name) => !GIVEN.has(name))
        .toSorted();
    },
    close: () => agent.destroy(),
  };
}

function sender({ url, token }: ApiServer, agent: Agent): KubeClient['send'] {
  return async (method, path, body) => {
    const contentType = method === 'PATCH' ? 'application/merge-patch+json' : 'application/json';
    const payload = body === undefined ? '' : JSON.stringify(body);
    const headers = {
      'content-type': contentType,
      'content-length': Buffer.byteLength(payload),
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
    };
    const once = async (): Promise<KubeAnswer> =>
      new Promise((resolve, reject) => {
        const outgoing = open(url + path, { method, agent, headers, timeout: 20_000 }, (incoming) => {
          buffer(incoming)
            .then((bytes) => resolve({ status: incoming.statusCode ?? 0, body: parsed(bytes.toString()) }))
            .catch(reject);
        });
        // The server closes what has been idle for a while, perhaps just now: https://nodejs.org/api/http.html#requestreusedsocket
        const again = (error: NodeJS.ErrnoException): void =>
          outgoing.reusedSocket && error.code === 'ECONNRESET' ? resolve(once()) : reject(error);
        outgoing.on('error', again).end(payload);
      });
    return once();
  };
}

function parsed(text: string): KubeAnswer['body'] {
  try {
    return JSON.parse(text) as KubeAnswer['body'];
  } catch {
    return { text };
  }
}

function expectOk({ status, body }: KubeAnswer): KubeAnswer['body'] {
  if (status < 300) return body;
  throw new Error(`the API server answered ${status}: ${JSON.stringify(body).slice(0, 500)}`);
}

function named(plural: string, objects: readonly KubeObject[]): readonly string[] {
  return objects.map(({ metadata }) => `${RESOURCES[plural]?.kind}/${metadata?.name}`);
}
