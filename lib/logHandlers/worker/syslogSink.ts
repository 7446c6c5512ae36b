// Syslog over TCP and UDP; a receiver that is not there, or takes nothing, is told as such.
import { createSocket, type Socket as UdpSocket } from 'node:dgram';
import { connect, isIPv6, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Writer } from '../messages';
import type { SyslogSettings } from '../settings';
import { headerOf, syslogFrames, syslogMessages, type Header } from './rfc5424';
import type { Sink } from './sink';

const CONNECT_MS = 5_000;
const STALL_MS = 10_000;
/** Of one datagram, with room for its headers. */
const MAX_DATAGRAM = 65_000;
/** How long it takes to hear that nobody listens. */
const REFUSAL_MS = 100;

interface Receiver {
  readonly host: string;
  readonly port: number;
  readonly header: Header;
  /** How long it may take nothing. */
  readonly stallMs: number;
}

export function syslogSink({ address, socktype }: SyslogSettings, writer: Writer, stallMs = STALL_MS): Sink {
  const [host, port] = address;
  const receiver = { host, port, header: headerOf(writer), stallMs };
  return socktype === 'ext://socket.SOCK_DGRAM' ? udpSink(receiver) : tcpSink(receiver);
}

interface Connection {
  readonly socket: Socket;
  broken?: Error;
}

function tcpSink(receiver: Receiver): Sink {
  let connection: Connection | undefined;
  return {
    ready: async () => {
      connection = await openConnection(receiver);
    },
    write: async (batch) => {
      if (connection === undefined) throw new Error('not connected');
      await send(connection, syslogFrames(receiver.header, batch), receiver);
    },
    close: async () => {
      if (connection === undefined) return;
      const { socket, broken } = connection;
      if (broken === undefined && socket.writableLength === 0) {
        await new Promise<void>((resolve) => void socket.end(() => resolve()));
      }
      socket.destroy();
    },
  };
}

/** A receiver never says anything, but its end must be noticed. */
async function openConnection(receiver: Receiver): Promise<Connection> {
  const { host, port } = receiver;
  const socket = connect({ host, port, timeout: CONNECT_MS }).setNoDelay(true);
  const connection: Connection = { socket };
  const ended = (): void => {
    connection.broken ??= new Error(`${host}:${port} closed the connection`);
  };
  socket.on('end', ended).on('close', ended).resume();
  socket.on('error', (error) => {
    connection.broken = explained(error, receiver);
  });
  try {
    await new Promise<void>((resolve, reject) => {
      socket.once('connect', () => resolve());
      socket.once('timeout', () => reject(new Error(`${host}:${port} does not answer`)));
      socket.once('error', (error) => reject(explained(error, receiver)));
    });
  } catch (error) {
    socket.destroy();
    throw error;
  }
  socket.setTimeout(0);
  return connection;
}

async function send(connection: Connection, bytes: Uint8Array, receiver: Receiver): Promise<void> {
  const { socket, broken } = connection;
  const { host, port, stallMs } = receiver;
  if (broken !== undefined) throw broken;
  await new Promise<void>((resolve, reject) => {
    const settle = (error?: Error | null): void => {
      socket.off('close', onClose).off('timeout', onStall).setTimeout(0);
      if (error) reject(connection.broken ?? explained(error, receiver));
      else resolve();
    };
    const onClose = (): void => settle(new Error('closed'));
    const onStall = (): void => {
      connection.broken = new Error(`${host}:${port} has taken nothing for ${stallMs / 1000} s`);
      settle(connection.broken);
    };
    // A part that was taken begins the time anew.
    socket.once('close', onClose).once('timeout', onStall).setTimeout(stallMs).write(bytes, settle);
  });
}

function udpSink(receiver: Receiver): Sink {
  let socket: UdpSocket | undefined;
  let broken: Error | undefined;
  let isProven = false;
  return {
    ready: async () => {
      const opened = createSocket(isIPv6(receiver.host) ? 'udp6' : 'udp4');
      socket = opened;
      opened.on('error', (error) => {
        broken = explained(error, receiver);
      });
      // Of a connected socket one hears that nobody listens, a moment after something was sent.
      await new Promise<void>((resolve, reject) => {
        opened.once('connect', resolve).once('error', (error) => reject(explained(error, receiver)));
        // Without a callback, which would be called with the error of a name that is not known.
        opened.connect(receiver.port, receiver.host);
      });
    },
    write: async (batch) => {
      const from = socket;
      if (from === undefined || broken !== undefined) throw broken ?? new Error('not open');
      const messages = syslogMessages(receiver.header, batch);
      await Promise.all(messages.map(async (message) => sendDatagram(from, message, receiver)));
      if (isProven) return;
      await sleep(REFUSAL_MS);
      if (broken !== undefined) throw broken as Error;
      isProven = true;
    },
    close: async () => void socket?.close(),
  };
}

async function sendDatagram(socket: UdpSocket, message: Uint8Array, receiver: Receiver): Promise<void> {
  const bytes = message.subarray(0, MAX_DATAGRAM);
  await new Promise<void>((resolve, reject) => {
    socket.send(bytes, (error) => (error ? reject(explained(error, receiver)) : resolve()));
  });
}

function explained(error: Error, { host, port }: Receiver): Error {
  const code = 'code' in error ? String(error.code) : error.message;
  if (code === 'ECONNREFUSED') return new Error(`nothing listens at ${host}:${port}`);
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return new Error(`${host} is not known`);
  return new Error(`${host}:${port}: ${code}`);
}
