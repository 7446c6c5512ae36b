// The door to the jobs function, and to that of archives: one request on behalf of a credential.
import * as http from 'node:http';
import * as https from 'node:https';
import { text } from 'node:stream/consumers';
import { parseJson } from '../../lib/record';
import type { Delivery } from './delivery';
import { isNoJob, outcomeOf, unavailable, type Answer, type Outcome } from './outcome';

export interface JobsApi {
  readonly deliver: (delivery: Delivery, signal: AbortSignal) => Promise<Outcome>;
  /** Undefined when there is no such job. Throws 503 when nobody can say. */
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

export function createJobsApi({ urls, token, connections }: JobsApiOptions): JobsApi {
  const senders = {
    jobs: createSender(urls.jobs, connections),
    archives: createSender(urls.archives, connections),
  };
  const authorized = async (credential: string): Promise<Readonly<Record<string, string>>> => ({
    authorization: `Token ${await token(credential)}`,
  });
  return {
    async deliver(delivery, signal) {
      const { to, credential, method, path, body, key } = delivery;
      try {
        const headers = { ...(await authorized(credential)), ...(key !== undefined && { 'idempotency-key': key }) };
        return outcomeOf(await senders[to]({ method, path, headers, body }, signal), delivery);
      } catch (error) {
        return { is: 'unavailable', reason: error instanceof Error ? error.message : String(error) };
      }
    },
    async read(job, credential, signal) {
      try {
        const headers = await authorized(credential);
        const answer = await senders.jobs({ method: 'GET', path: `/jobs/${job}`, headers }, signal);
        if (answer.status === 200) return answer.body;
        if (isNoJob(answer)) return undefined;
        throw new Error(`the jobs function answered ${answer.status}`);
      } catch (error) {
        throw unavailable('Submissions cannot be reached at the moment.', error);
      }
    },
  };
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
    const isForLater = incoming.headers['retry-after'] !== undefined;
    return { status: incoming.statusCode ?? 0, isForLater, body: parseJson(await text(incoming)) };
  };
}
