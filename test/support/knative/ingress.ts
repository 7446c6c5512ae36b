// A function behind Knative's ingress, as a client outside of the cluster sees it.
import { eventually } from '../eventually';
import { sendRequest, type Answer, type Sent } from '../httpClient';

export type Request = (method: string, path: string, sent?: Sent) => Promise<Answer>;

export const INGRESS = process.env['KNATIVE_INGRESS'] ?? 'http://127.0.0.1:8080';
const DOMAIN = process.env['KNATIVE_DOMAIN'] ?? 'example.com';

/** Which function is meant. */
export function hostOf(name: string, namespace: string): string {
  return `${name}.${namespace}.${DOMAIN}`;
}

/** Resolves when the ingress knows the way. */
export async function throughIngress(name: string, namespace: string): Promise<Request> {
  const host = hostOf(name, namespace);
  const request: Request = async (method, path, sent = {}) =>
    sendRequest(method, { origin: INGRESS, path }, { ...sent, headers: { host, ...sent.headers } });
  await eventually(async () => ((await request('GET', '/health/readiness')).status === 200 ? true : undefined), 60);
  return request;
}
