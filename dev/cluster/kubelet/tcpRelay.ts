// A listener on this machine whose connections are passed on to an address chosen anew for each.
import { connect, createServer, type Server, type Socket } from 'node:net';
import type { Address } from './serviceAddress';

export interface Relay {
  /** `undefined` until it listens. */
  readonly port: () => number | undefined;
  /** Ends its connections, too. */
  readonly close: () => Promise<void>;
}

export function openRelay(target: () => Address | undefined, onListening: () => void): Relay {
  const open = new Set<Socket>();
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    track(open, socket);
    passOn(socket, target(), open);
  });
  server.listen(0, '127.0.0.1', onListening);
  // It is a listener of a developer's tool: it never keeps the process alive.
  server.unref();
  return {
    port: () => portOf(server),
    close: () => {
      for (const socket of open) socket.destroy();
      return new Promise((resolve) => void server.close(() => resolve()));
    },
  };
}

function portOf(server: Server): number | undefined {
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : undefined;
}

/** With nobody ready the connection is reset at once, as a refused one would be. */
function passOn(socket: Socket, address: Address | undefined, open: Set<Socket>): void {
  if (address === undefined) {
    socket.resetAndDestroy();
    return;
  }
  const upstream = connect({ ...address, allowHalfOpen: true });
  track(open, upstream);
  upstream.once('error', () => socket.resetAndDestroy());
  socket.once('error', () => upstream.destroy());
  socket.once('close', () => upstream.destroy());
  upstream.once('close', () => socket.destroySoon());
  socket.pipe(upstream).pipe(socket);
}

function track(open: Set<Socket>, socket: Socket): void {
  open.add(socket);
  // Errors end in 'close'; here is nobody to tell.
  socket.on('error', () => {}).once('close', () => open.delete(socket));
}
