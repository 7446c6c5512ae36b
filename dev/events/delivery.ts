// The part of a broker: sends each event to a function until it takes it, refuses it for good, or failed too often.
import { randomUUID } from 'node:crypto';
import { request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Change } from './changes';

export interface DeliveryOptions {
  /** Runs `work` against a ready instance of the function. */
  readonly use: (work: (port: number) => Promise<number>) => Promise<number>;
  /** As ApiServerSource names itself: the URL of the API server. */
  readonly source: string;
  readonly report: (message: string) => void;
  readonly signal: AbortSignal;
  readonly firstPauseMs?: number;
}

const ATTEMPTS = 5;
const FIRST_PAUSE_MS = 200;
/** What Knative's broker tries again. */
const MAY_PASS = new Set([404, 408, 409, 429]);

export async function deliver(options: DeliveryOptions, change: Change): Promise<void> {
  const { use, report, signal, firstPauseMs = FIRST_PAUSE_MS } = options;
  const headers = headersOf(options, change);
  const body = JSON.stringify(change.object);
  for (let attempt = 1; ; attempt += 1) {
    const status = await use(async (port) => post(port, headers, body)).catch(() => 502);
    if (status < 300 || signal.aborted) return;
    if (attempt === ATTEMPTS || (status < 500 && !MAY_PASS.has(status))) {
      return report(`an event about ${headers['ce-subject']} was answered ${status} and is given up`);
    }
    await sleep(firstPauseMs * 2 ** (attempt - 1), undefined, { signal }).catch(() => undefined);
  }
}

function headersOf({ source }: DeliveryOptions, { type, object }: Change): Record<string, string> {
  const { kind = '', apiVersion = '', metadata = {} } = object;
  const { name = '', namespace = '' } = metadata;
  return {
    'content-type': 'application/json',
    'ce-specversion': '1.0',
    'ce-id': randomUUID(),
    'ce-type': `dev.knative.apiserver.resource.${type}`,
    'ce-source': source,
    'ce-subject': `${kind} ${name}`,
    'ce-kind': kind,
    'ce-apiversion': apiVersion,
    'ce-name': name,
    'ce-namespace': namespace,
  };
}

function post(port: number, headers: Record<string, string>, body: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const length = { 'content-length': Buffer.byteLength(body) };
    const options = { host: '127.0.0.1', port, method: 'POST', path: '/', headers: { ...headers, ...length } };
    request({ ...options, agent: false }, (response) => {
      response.resume().on('close', () => resolve(response.statusCode ?? 502));
    })
      .on('error', reject)
      .end(body);
  });
}
