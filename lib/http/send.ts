// Writes a response to its socket: whole if it is a value, with backpressure if it is a stream.
import type { IncomingMessage, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Response } from './message';
import { discardRest, hasUnboundedRest } from './readBody';

export interface Channel {
  readonly message: IncomingMessage;
  readonly reply: ServerResponse;
  readonly bodyLimitBytes: number;
  /** The connection is not used again: the function drains. */
  readonly isLast: boolean;
}

type Headers = Readonly<Record<string, string | number>>;

export async function send(response: Response, channel: Channel): Promise<void> {
  const { reply, message } = channel;
  const isCutShort = hasUnboundedRest(message, channel.bodyLimitBytes);
  if (isCutShort || channel.isLast) reply.shouldKeepAlive = false;
  if (response.body instanceof Readable) return sendStream(response, response.body, channel);
  const { headers, text } = encode(response);
  reply.writeHead(response.status, headers);
  if (!isCutShort) return void reply.end(text);
  // An answer to a client that still sends would be lost if the socket were closed on what it sends.
  reply.write(text || '', () => undefined);
  reply.flushHeaders();
  await discardRest(message);
  reply.end();
}

function encode({ status, headers, body }: Response): { headers: Headers; text: string } {
  if (status === 204) return { headers: withoutContentType(headers), text: '' };
  if (body === undefined) return { headers: { ...headers, 'content-length': 0 }, text: '' };
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const contentType = typeof body === 'string' ? 'text/plain; charset=utf-8' : 'application/json';
  return { headers: { 'content-type': contentType, ...headers, 'content-length': Buffer.byteLength(text) }, text };
}

function withoutContentType(headers: Response['headers'] = {}): Headers {
  const { 'content-type': _none, ...others } = headers;
  return others;
}

async function sendStream({ status, headers }: Response, body: Readable, channel: Channel): Promise<void> {
  channel.reply.writeHead(status, { 'content-type': 'application/octet-stream', ...headers });
  if (channel.message.method !== 'HEAD') return pipeline(body, channel.reply);
  body.destroy();
  channel.reply.end();
}
