// An address of this machine for a function behind the ingress, for clients that cannot name another host than they call.
import { createServer, request, type IncomingMessage, type ServerResponse } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { hostOf, INGRESS } from './ingress';

export interface Door {
  readonly url: string;
  readonly close: () => void;
}

export async function openDoor(name: string, namespace: string): Promise<Door> {
  const host = hostOf(name, namespace);
  const server = createServer((incoming, outgoing) => forward(incoming, outgoing, host)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

function forward(incoming: IncomingMessage, outgoing: ServerResponse, host: string): void {
  const { method, url = '/', headers } = incoming;
  const onward = request(new URL(INGRESS), { method, path: url, headers: { ...headers, host } }, (answer) => {
    outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(outgoing);
  });
  onward.on('error', () => outgoing.destroy());
  incoming.pipe(onward);
}
