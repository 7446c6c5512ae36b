// A function behind Knative's ingress, as a client outside of the cluster sees it.
import { setTimeout as sleep } from 'node:timers/promises';
import { eventually } from '../eventually';
import { sendRequest, type Answer, type Sent } from '../httpClient';
import { READY_SECONDS } from './kubectl';

export type Request = (method: string, path: string, sent?: Sent) => Promise<Answer>;

export const INGRESS = process.env['KNATIVE_INGRESS'] ?? 'http://127.0.0.1:8080';
const DOMAIN = process.env['KNATIVE_DOMAIN'] ?? 'example.com';

export function hostOf(name: string, namespace: string): string {
  return `${name}.${namespace}.${DOMAIN}`;
}

/** Resolves when the ingress knows the way. */
export async function throughIngress(name: string, namespace: string): Promise<Request> {
  const host = hostOf(name, namespace);
  const request: Request = async (method, path, sent = {}) =>
    sendRequest(method, { origin: INGRESS, path }, { ...sent, headers: { host, ...sent.headers } });
  // What is sent before the node knows the way to a new address is lost, and waits in vain.
  const sent = { timeoutMs: 15_000 };
  await eventually(
    async () => ((await request('GET', '/health/readiness', sent)).status === 200 ? true : undefined),
    READY_SECONDS,
  );
  return request;
}

const ATTEMPTS = 4;
const PAUSE_MS = 500;

/** For what is said about the function alone: a refusal by the ingress, which carries no request id of ours, is tried again. */
export function pastIngress(request: Request): Request {
  return async (method, path, sent) => {
    for (let number = 1; ; number += 1) {
      const answer = await request(method, path, sent);
      const isOurs = answer.status !== 503 || answer.headers['x-request-id'] !== undefined;
      if (isOurs || number === ATTEMPTS) return answer;
      console.warn(`the ingress refused ${method} ${path}: ${answer.text}`);
      await sleep(PAUSE_MS);
    }
  };
}
