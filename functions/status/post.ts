// The door to hubs: one POST with a token, no redirect followed, no answer waited for or read longer than is good.
import * as http from 'node:http';
import * as https from 'node:https';
import { createSecureContext, rootCertificates } from 'node:tls';
import { within } from '../../lib/timeLimit';

export interface Posted {
  readonly url: string;
  readonly token: string;
  readonly body: object;
}

export interface Outcome {
  /** `refused` is for good, `unreachable` may pass. */
  readonly result: 'told' | 'refused' | 'unreachable';
  readonly detail?: string;
}

const PATIENCE_MS = 5_000;
const MAX_ANSWER_BYTES = 64 * 1024;
/** After a hub did not answer, nobody waits for it again at once: a sweep has others to look after. */
const REST_MS = 3_000;
const MAY_PASS = new Set([408, 425, 429]);

/** `ca`: certificates in PEM that are trusted beside those that Node brings along. */
export function createPost(ca: readonly string[] = []): (posted: Posted, signal: AbortSignal) => Promise<Outcome> {
  const agentFor = createAgents(ca);
  const resting = new Map<string, number>();
  return async (posted, signal) => {
    const { origin } = new URL(posted.url);
    if ((resting.get(origin) ?? 0) > performance.now()) return { result: 'unreachable', detail: 'it rests' };
    try {
      const patience = within(PATIENCE_MS, signal);
      const outcome = outcomeOf(await send(posted, agentFor(posted.url), patience));
      resting.delete(origin);
      return outcome;
    } catch (error) {
      if (!signal.aborted) resting.set(origin, performance.now() + REST_MS);
      return { result: 'unreachable', detail: error instanceof Error ? error.message : String(error) };
    }
  };
}

function outcomeOf(status: number): Outcome {
  if (status >= 200 && status < 300) return { result: 'told' };
  const result = status >= 500 || MAY_PASS.has(status) ? 'unreachable' : 'refused';
  return { result, detail: `it answered ${status}` };
}

/** Hubs hear little, and their proxies close what idles: a new connection each time is never a stale one. */
function createAgents(ca: readonly string[]): (url: string) => http.Agent {
  const plain = new http.Agent();
  let secure: https.Agent | undefined;
  return (url) => {
    if (url.startsWith('http:')) return plain;
    // Images have no certificates of their own, and their node is told to look there.
    secure ??= new https.Agent({ secureContext: createSecureContext({ ca: [...rootCertificates, ...ca] }) });
    return secure;
  };
}

/** Resolves with the status, which is all that counts. */
function send({ url, token, body }: Posted, agent: http.Agent, signal: AbortSignal): Promise<number> {
  const payload = JSON.stringify(body);
  const isPlain = url.startsWith('http:');
  const headers = {
    authorization: `token ${token}`,
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(payload),
  };
  const options = { method: 'POST', headers, signal, agent };
  return new Promise((resolve, reject) => {
    const answered = (incoming: http.IncomingMessage): void => {
      resolve(incoming.statusCode ?? 0);
      discard(incoming);
    };
    const request = isPlain ? http.request(url, options, answered) : https.request(url, options, answered);
    request.on('error', reject).end(payload);
  });
}

/** An answer that never ends would keep its connection. */
function discard(incoming: http.IncomingMessage): void {
  let size = 0;
  incoming.on('error', () => incoming.destroy());
  incoming.on('data', (chunk: Buffer) => {
    size += chunk.length;
    if (size > MAX_ANSWER_BYTES) incoming.destroy();
  });
}
