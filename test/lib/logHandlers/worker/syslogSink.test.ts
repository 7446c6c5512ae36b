// Receivers of syslog that are not there, or slow: told as such, and what was not taken is not called written.
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import type { Batch, Writer } from '../../../../lib/logHandlers/messages';
import type { Sink } from '../../../../lib/logHandlers/worker/sink';
import { syslogSink } from '../../../../lib/logHandlers/worker/syslogSink';
import { batchOf } from '../../../support/logBatch';

const WRITER: Writer = { function: 'jobs', instance: 'pod-1', pid: 1, smtpDirectory: '' };
const UDP = 'ext://socket.SOCK_DGRAM';
const TCP = 'ext://socket.SOCK_STREAM';

let sink: Sink;
let end: () => void;

afterEach(async () => {
  await sink.close();
  end();
});

function open(address: readonly [string, number], socktype: string, stallMs?: number): void {
  sink = syslogSink({ formatter: 'json', level: 10, address, socktype }, WRITER, stallMs);
}

async function bound() {
  const socket = createSocket('udp4').bind(0, '127.0.0.1');
  await once(socket, 'listening');
  end = () => socket.close();
  return socket;
}

test('over UDP one record, to which nobody listens, is not written', async () => {
  const socket = await bound();
  const { port } = socket.address();
  await new Promise<void>((resolve) => void socket.close(resolve));
  end = () => undefined;
  open(['127.0.0.1', port], UDP);
  await sink.ready();

  await expect(sink.write(batchOf(1, { text: 'a' }))).rejects.toThrow(`nothing listens at 127.0.0.1:${port}`);
});

test('over UDP each record is a datagram', async () => {
  const socket = await bound();
  const received: string[] = [];
  const both = new Promise<void>((resolve) => {
    socket.on('message', (message) => void (received.push(message.toString()) === 2 && resolve()));
  });
  open(['127.0.0.1', socket.address().port], UDP);
  await sink.ready();

  await sink.write(batchOf(1, { text: 'a' }, { text: 'b' }));

  await both;
  expect(received).toEqual([expect.stringMatching(/ - - a$/), expect.stringMatching(/ - - b$/)]);
});

test.each([UDP, TCP])('over %s a host that is not known is told before a record comes', async (socktype) => {
  end = () => undefined;
  open(['no-such-host.invalid', 514], socktype);

  await expect(sink.ready()).rejects.toThrow('no-such-host.invalid is not known');
});

test('over TCP a receiver that is slow, but takes something all the time, is not stuck', async () => {
  const server = createServer(readSlowly).listen(0, '127.0.0.1');
  await once(server, 'listening');
  end = () => server.close();
  const { port } = server.address() as AddressInfo;
  open(['127.0.0.1', port], TCP, 1_000);
  await sink.ready();
  const startedAt = performance.now();

  await expect(sink.write(ofSize(14 * 1024 * 1024))).resolves.toBeUndefined();

  expect(performance.now() - startedAt).toBeGreaterThan(1_000);
});

function ofSize(size: number): Batch {
  const bytes = Buffer.alloc(size, 'x');
  return { id: 1, levels: Uint8Array.of(20), times: Float64Array.of(1), ends: Uint32Array.of(size), bytes };
}

/** Some five megabytes in a second. */
function readSlowly(socket: Socket): void {
  const timer = setInterval(() => socket.read(), 10);
  socket.on('close', () => clearInterval(timer));
}
