// A receiver of syslog over TCP that counts what comes and keeps nothing; or reads nothing at all.
import { once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';

export interface SyslogReceiver {
  readonly port: number;
  /** As many as began with a priority. */
  readonly messages: () => number;
  readonly close: () => Promise<void>;
}

const MARK = ' <14>1 ';

export async function openReceiver({ isReading }: { readonly isReading: boolean }): Promise<SyslogReceiver> {
  const sockets = new Set<Socket>();
  let messages = 0;
  const server = createServer({ pauseOnConnect: !isReading }, (socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined).on('close', () => sockets.delete(socket));
    if (isReading) {
      socket.setEncoding('latin1').on('data', (chunk) => {
        messages += String(chunk).split(MARK).length - 1;
      });
    }
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    messages: () => messages,
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
