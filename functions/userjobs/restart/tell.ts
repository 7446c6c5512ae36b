// The door to hubs that hold tunnels: one POST, verified TLS, no redirect followed, no answer read.
import { readFileSync } from 'node:fs';
import * as http from 'node:http';
import * as https from 'node:https';
import type { Telling } from './plan';

/** Undefined when it was taken, else why not; never with the credential. */
export async function tell(telling: Telling): Promise<string | undefined> {
  const patience = AbortSignal.timeout(telling.timeoutMs);
  try {
    const status = await post(telling, patience);
    return status >= 200 && status < 300 ? undefined : `it answered ${status}`;
  } catch (error) {
    if (patience.aborted) return `it did not answer within ${telling.timeoutMs / 1000} s`;
    return error instanceof Error ? error.message : String(error);
  }
}

async function post({ hostname, url, authorization, trust }: Telling, signal: AbortSignal): Promise<number> {
  const payload = JSON.stringify({ hostname });
  const headers = {
    authorization,
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(payload),
    uuidcode: 'StartUp',
  };
  const options = { method: 'POST', headers, agent: false, signal } as const;
  return new Promise((resolve, reject) => {
    const answered = (incoming: http.IncomingMessage): void => {
      resolve(incoming.statusCode ?? 0);
      incoming.destroy();
    };
    const request = url.startsWith('https:')
      ? https.request(url, { ...options, ...trustOptions(trust) }, answered)
      : http.request(url, options, answered);
    request.on('error', reject).end(payload);
  });
}

function trustOptions(trust: Telling['trust']): https.RequestOptions {
  return typeof trust === 'string' ? { ca: readFileSync(trust) } : { rejectUnauthorized: trust };
}
