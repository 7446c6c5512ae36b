// Load over many connections at once, each of which asks again as soon as it was answered; little more than sockets, so that
// the server is what is measured.
import { connect, type Socket } from 'node:net';

export interface LoadOptions {
  readonly url: string;
  readonly connections: number;
  readonly seconds: number;
  readonly paths: readonly string[];
  readonly headers: Readonly<Record<string, string>>;
}

export interface LoadResult {
  readonly answers: number;
  readonly seconds: number;
  readonly latenciesMs: readonly number[];
}

interface Run {
  readonly options: LoadOptions;
  readonly endsAt: number;
  readonly latenciesMs: number[];
  next: number;
}

export async function load(options: LoadOptions): Promise<LoadResult> {
  const startedAt = performance.now();
  const run = { options, endsAt: startedAt + options.seconds * 1000, latenciesMs: [], next: 0 };
  await Promise.all(Array.from({ length: options.connections }, async () => drive(run)));
  const seconds = (performance.now() - startedAt) / 1000;
  return { answers: run.latenciesMs.length, seconds, latenciesMs: run.latenciesMs };
}

/** One connection until the time is over. */
async function drive(run: Run): Promise<void> {
  const { hostname, port } = new URL(run.options.url);
  const socket = connect(Number(port), hostname).setNoDelay(true);
  try {
    await new Promise<void>((resolve, reject) => {
      let sentAt = performance.now();
      const ask = (): void => {
        sentAt = performance.now();
        if (sentAt >= run.endsAt) resolve();
        else socket.write(nextRequest(run));
      };
      onAnswer(socket, (status) => {
        if (status !== 200) return reject(new Error(`a request was answered ${status}`));
        run.latenciesMs.push(performance.now() - sentAt);
        ask();
      });
      socket.once('error', reject).once('close', () => reject(new Error('the server closed a connection')));
      socket.once('connect', ask);
    });
  } finally {
    socket.destroy();
  }
}

function nextRequest(run: Run): string {
  const { paths, headers } = run.options;
  const path = paths[run.next % paths.length] ?? '/';
  run.next += 1;
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  return `GET ${path} HTTP/1.1\r\nhost: 127.0.0.1\r\n${lines.join('')}\r\n`;
}

/** Answers have a Content-Length; one comes at a time. */
function onAnswer(socket: Socket, listener: (status: number) => void): void {
  let text = '';
  let length = Number.NaN;
  socket.setEncoding('latin1').on('data', (chunk) => {
    text += String(chunk);
    if (Number.isNaN(length)) length = wholeLength(text);
    if (text.length < length || Number.isNaN(length)) return;
    const status = Number(text.slice('HTTP/1.1 '.length, 'HTTP/1.1 200'.length));
    text = '';
    length = Number.NaN;
    listener(status);
  });
}

/** NaN until the head is there. */
function wholeLength(text: string): number {
  const head = text.indexOf('\r\n\r\n');
  if (head === -1) return Number.NaN;
  const [, length = ''] = /content-length: (\d+)/i.exec(text.slice(0, head)) ?? [];
  return head + 4 + Number(length);
}
