// A TCP relay that counts what is sent through it, and strikes at one of these: before it arrives, or before its answer does.
import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

export interface Strike {
  /** The nth message that goes through any of the taps that share it. */
  readonly at: number;
  /** It arrives and is answered; only the answer is not seen. */
  readonly isAfter: boolean;
  readonly strike: () => void;
  count: number;
}

export interface Tap {
  readonly port: number;
  readonly close: () => Promise<void>;
}

export async function openTap(target: number, strike: Strike): Promise<Tap> {
  const sockets = new Set<Socket>();
  const server = createServer((client) => {
    const upstream = connect(target, '127.0.0.1');
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on('error', () => undefined).on('close', () => sockets.delete(socket));
    }
    let isDeaf = false;
    client.on('data', (chunk) => {
      strike.count += 1;
      const isStruck = strike.count === strike.at;
      if (isStruck && strike.isAfter) isDeaf = true;
      else if (isStruck) return strike.strike();
      return void upstream.write(chunk);
    });
    upstream.on('data', (chunk) => {
      if (isDeaf) return strike.strike();
      return void client.write(chunk);
    });
    client.on('close', () => upstream.end());
    upstream.on('close', () => client.destroy());
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    close: async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
