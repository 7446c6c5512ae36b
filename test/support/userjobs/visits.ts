// Reaches a Service of the cluster: from this machine, and from a pod.
import type { KubeObject } from '../../../lib/kube/objects';
import { eventually } from '../eventually';
import type { KubeClient } from '../kubeClient';
import { sendRequest } from '../httpClient';

interface ServiceObject {
  readonly metadata?: { readonly annotations?: Readonly<Record<string, string>> };
  readonly spec?: { readonly clusterIP?: string };
}

/** What a GET is answered through it; fails when it is not. */
export async function visit(kube: KubeClient, service: string, port: number): Promise<string> {
  const origin = originOf(await kube.get('services', service), port);
  const { text } = await sendRequest('GET', { origin, path: '/' }, { timeoutMs: 5_000 });
  return text;
}

export async function untilServed(kube: KubeClient, service: string, port: number, seconds = 30): Promise<string> {
  return eventually(async () => visit(kube, service, port), seconds);
}

/** Pods of the embedded cluster are processes of this machine, and so are its Services' ports. */
export function originOf(service: KubeObject | undefined, port: number): string {
  const { metadata, spec } = (service ?? {}) as ServiceObject;
  const told = metadata?.annotations?.['embedded.hub-functions/address'];
  const own = told === undefined ? undefined : (JSON.parse(told) as Record<string, string>)[String(port)];
  return `http://${own ?? `${spec?.clusterIP}:${port}`}`;
}

const VISITOR = `
const name = process.env.SERVICE.toUpperCase().replaceAll('-', '_');
const { [name + '_SERVICE_HOST']: host, [name + '_SERVICE_PORT']: port } = process.env;
fetch('http://' + host + ':' + port).then((answer) => answer.text()).then((text) => process.stdout.write(text));
`;

/** What a pod that is started now is answered by the first port of the Service. */
export async function visitFromPod(kube: KubeClient, namespace: string, service: string): Promise<string> {
  const name = `visitor-${service}-${Date.now()}`;
  const container = {
    name: 'main',
    image: 'dev.local/node:1',
    imagePullPolicy: 'IfNotPresent',
    command: ['node', '-e', VISITOR],
    env: [{ name: 'SERVICE', value: service }],
  };
  await kube.create('pods', {
    metadata: { name },
    spec: { restartPolicy: 'Never', automountServiceAccountToken: false, containers: [container] },
  });
  await eventually(async () => {
    const { status } = (await kube.get('pods', name)) as { readonly status?: { readonly phase?: string } };
    return status?.phase === 'Succeeded' || status?.phase === 'Failed' ? true : undefined;
  }, 60);
  const { body } = await kube.send('GET', `/api/v1/namespaces/${namespace}/pods/${name}/log`);
  await kube.remove('pods', name, { gracePeriodSeconds: 0 });
  return typeof body['text'] === 'string' ? body['text'] : JSON.stringify(body);
}
