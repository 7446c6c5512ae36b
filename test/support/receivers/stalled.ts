// A TCP receiver that takes connections, and never reads from them.
import { once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';

export interface Stalled {
  readonly port: number;
  readonly connections: () => number;
  readonly stop: () => Promise<void>;
}

export async function startStalled(): Promise<Stalled> {
  const sockets = new Set<Socket>();
  let connections = 0;
  const server = createServer({ pauseOnConnect: true }, (socket) => {
    connections += 1;
    sockets.add(socket);
    socket.on('error', () => undefined).on('close', () => sockets.delete(socket));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    connections: () => connections,
    stop: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
