// The door to the jobs function, and to that of archives: one request on behalf of a credential, and what its answer means for who asked.
import * as http from 'node:http';
import * as https from 'node:https';
import { text } from 'node:stream/consumers';
import { isRecord, parseJson } from '../../lib/record';
import type { Delivery } from './delivery';

export type Outcome =
  /** `refused` is for good and the sender's to mend, `failed` may be for good, `unavailable` passes, `unready` is the operator's to mend. */
  { readonly is: 'done' } | { readonly is: 'refused' | 'failed' | 'unavailable' | 'unready'; readonly reason: string };

export interface JobsApi {
  readonly deliver: (delivery: Delivery, signal: AbortSignal) => Promise<Outcome>;
  /** Undefined when there is no such job. */
  readonly read: (job: string, credential: string, signal: AbortSignal) => Promise<unknown>;
}

export interface JobsApiOptions {
  readonly urls: Readonly<Record<Delivery['to'], string>>;
  readonly token: (credential: string) => Promise<string>;
  readonly connections: number;
}

interface Sent {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: object | undefined;
}

interface Answer {
  readonly status: number;
  readonly body: unknown;
}

const MAX_REASON = 1_000;
/** Ours is wrong, or nobody is there: no message is to blame. 401: the token that this function was given. */
const MAY_PASS = new Set([401, 408, 425, 429, 502, 503, 504]);

export function createJobsApi({ urls, token, connections }: JobsApiOptions): JobsApi {
  const senders = {
    jobs: createSender(urls.jobs, connections),
    archives: createSender(urls.archives, connections),
  };
  const authorized = async (credential: string): Promise<Readonly<Record<string, string>>> => ({
    authorization: `Token ${await token(credential)}`,
  });
  return {
    async deliver({ to, credential, method, path, body, key, isOwnKey }, signal) {
      try {
        const headers = { ...(await authorized(credential)), ...(key !== undefined && { 'idempotency-key': key }) };
        return outcomeOf(await senders[to]({ method, path, headers, body }, signal), { method, isOwnKey });
      } catch (error) {
        return { is: 'unavailable', reason: error instanceof Error ? error.message : String(error) };
      }
    },
    async read(job, credential, signal) {
      const { status, body } = await senders.jobs(
        { method: 'GET', path: `/jobs/${job}`, headers: await authorized(credential) },
        signal,
      );
      if (status === 200) return body;
      if (status === 404) return undefined;
      throw new Error(`the jobs function answered ${status}`);
    },
  };
}

function outcomeOf(answer: Answer, sent: Pick<Delivery, 'method' | 'isOwnKey'>): Outcome {
  const { status, body } = answer;
  if (isDone(status, sent)) return { is: 'done' };
  const detail = isRecord(body) && typeof body['detail'] === 'string' ? body['detail'] : 'It gave no reason.';
  const reason = `${status}: ${detail}`.slice(0, MAX_REASON);
  if (MAY_PASS.has(status)) return { is: 'unavailable', reason };
  return { is: status < 500 ? 'refused' : 'failed', reason };
}

/** What is gone need not be cancelled; and what was made under other settings is made. */
function isDone(status: number, { method, isOwnKey }: Pick<Delivery, 'method' | 'isOwnKey'>): boolean {
  if (status >= 200 && status < 300) return true;
  return (method === 'DELETE' && status === 404) || (isOwnKey && status === 409);
}

function createSender(base: string, maxSockets: number): (sent: Sent, signal: AbortSignal) => Promise<Answer> {
  const isPlain = base.startsWith('http:');
  const agent = isPlain
    ? new http.Agent({ keepAlive: true, maxSockets })
    : new https.Agent({ keepAlive: true, maxSockets });
  const root = base.replace(/\/+$/, '');
  return async ({ method, path, headers, body }, signal) => {
    const payload = body === undefined ? undefined : JSON.stringify(body);
    const content = payload !== undefined && {
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(payload),
    };
    const options = { method, agent, signal, headers: { ...headers, ...content } };
    const incoming = await new Promise<http.IncomingMessage>((resolve, reject) => {
      const request = isPlain
        ? http.request(root + path, options, resolve)
        : https.request(root + path, options, resolve);
      request.on('error', reject).end(payload);
    });
    return { status: incoming.statusCode ?? 0, body: parseJson(await text(incoming)) };
  };
}
