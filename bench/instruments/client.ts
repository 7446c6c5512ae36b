// A plain HTTP client over one warm connection: nothing between the clock and the server that could be left out.
import * as http from 'node:http';
import * as https from 'node:https';
import { buffer } from 'node:stream/consumers';

export interface Endpoint {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Certificates; of https only. */
  readonly tls?: Pick<https.AgentOptions, 'ca' | 'cert' | 'key' | 'rejectUnauthorized'>;
}

export interface Sent {
  /** Sent as JSON. */
  readonly body?: object;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Answer {
  readonly status: number;
  readonly text: string;
}

export interface Client {
  readonly send: (method: string, path: string, sent?: Sent) => Promise<Answer>;
  /** The same for what must succeed; answers the parsed body. */
  readonly expect: (method: string, path: string, sent?: Sent) => Promise<unknown>;
  /** What is read goes to the caller as it comes. */
  readonly open: (path: string) => Promise<AsyncIterable<Buffer>>;
  readonly close: () => void;
}

const TIMEOUT_MS = 60_000;

export function openClient({ url, headers, tls = {} }: Endpoint): Client {
  const { request, Agent } = url.startsWith('https:') ? https : http;
  const agent = new Agent({ keepAlive: true, maxSockets: 1, ...tls });
  const exchange = async (method: string, path: string, sent: Sent): Promise<http.IncomingMessage> => {
    const text = sent.body === undefined ? '' : JSON.stringify(sent.body);
    const all = { ...headers, ...describeBody(text), ...sent.headers };
    return new Promise<http.IncomingMessage>((resolve, reject) => {
      const outgoing = request(url + path, { agent, method, headers: all, timeout: TIMEOUT_MS }, resolve);
      outgoing.on('timeout', () => outgoing.destroy(new Error(`${method} ${path} was not answered in time`)));
      outgoing.on('error', reject).end(text);
    });
  };
  const send: Client['send'] = async (method, path, sent = {}) => {
    const incoming = await exchange(method, path, sent);
    return { status: incoming.statusCode ?? 0, text: (await buffer(incoming)).toString('utf8') };
  };
  const expect: Client['expect'] = async (method, path, sent) => {
    const { status, text } = await send(method, path, sent);
    if (status < 200 || status > 299)
      throw new Error(`${method} ${path} was answered ${status}: ${text.slice(0, 500)}`);
    return text === '' ? undefined : JSON.parse(text);
  };
  const open: Client['open'] = async (path) => {
    const incoming = await exchange('GET', path, {});
    if (incoming.statusCode === 200) return incoming;
    throw new Error(`GET ${path} was answered ${incoming.statusCode}: ${(await buffer(incoming)).toString('utf8')}`);
  };
  return { send, expect, open, close: () => agent.destroy() };
}

function describeBody(text: string): http.OutgoingHttpHeaders {
  return text === '' ? {} : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) };
}
