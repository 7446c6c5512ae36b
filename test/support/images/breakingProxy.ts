// A way to a registry that breaks once an upload is under way.
import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

export interface BreakingProxy {
  readonly host: string;
  /** From the next piece of a layer on; `before` is done first. */
  readonly breakUploads: (before: () => Promise<void>) => void;
  readonly mend: () => void;
  readonly stop: () => Promise<void>;
}

export async function startBreakingProxy(target: string): Promise<BreakingProxy> {
  const [host = '', port = ''] = target.split(':');
  const open = new Set<Socket>();
  let broken: (() => Promise<void>) | undefined;
  const server = createServer((client) => {
    const upstream = connect(Number(port), host);
    for (const socket of [client, upstream]) {
      open.add(socket);
      socket
        .on('error', () => undefined)
        .on('close', () => (open.delete(socket), client.destroy(), upstream.destroy()));
    }
    upstream.pipe(client);
    client.on('data', (chunk: Buffer) => {
      if (broken === undefined || !chunk.includes('PATCH /v2/')) return upstream.write(chunk);
      const before = broken;
      // Some of it arrives, as it would.
      upstream.write(chunk.subarray(0, chunk.length / 2));
      void before().then(() => open.forEach((socket) => socket.destroy()));
      return undefined;
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    host: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    breakUploads: (before) => (broken = before),
    mend: () => (broken = undefined),
    stop: async () => {
      open.forEach((socket) => socket.destroy());
      server.close();
      await once(server, 'close');
    },
  };
}
