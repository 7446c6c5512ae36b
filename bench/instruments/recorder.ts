// Stands between a function and the API server and writes down each request; for counting, never for timing.
import * as http from 'node:http';
import * as https from 'node:https';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import type { Endpoint } from './client';

export interface Recorded {
  readonly method: string;
  readonly path: string;
  readonly body: string;
}

export interface Recorder {
  readonly url: string;
  /** What was asked while `work` ran. */
  readonly during: (work: () => Promise<unknown>) => Promise<readonly Recorded[]>;
  readonly close: () => void;
}

export async function startRecorder(target: Endpoint): Promise<Recorder> {
  let records: Recorded[] = [];
  const server = http.createServer((incoming, response) => {
    void forward(target, incoming, response).then((record) => records.push(record));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    during: async (work) => {
      records = [];
      await work();
      return [...records];
    },
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

/** Resolves before the answer arrives, so that every request is on record when its sender goes on. */
async function forward(
  { url, headers, tls }: Endpoint,
  incoming: http.IncomingMessage,
  response: http.ServerResponse,
): Promise<Recorded> {
  const { method = '', url: path = '' } = incoming;
  const { host: _host, connection: _connection, ...own } = incoming.headers;
  const body = await buffer(incoming);
  const options = { ...tls, method, headers: { ...own, ...headers } };
  const outgoing = https.request(url + path, options, (answer) => {
    response.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(response);
  });
  outgoing.on('error', () => response.destroy()).end(body);
  // A watch would go on for minutes after the function that asked for it, and keep this process.
  response.on('close', () => {
    if (!response.writableFinished) outgoing.destroy();
  });
  return { method, path, body: body.toString('utf8') };
}
