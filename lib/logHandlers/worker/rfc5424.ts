// A record as a syslog message (RFC 5424), and how messages follow each other on a TCP connection (RFC 6587, octet counting). Pure.
import type { Writer } from '../messages';
import type { Taken } from '../queue';

/** Facility "user", as Python's SysLogHandler has it. */
const FACILITY = 1;
const NAME_LIMITS = { hostname: 255, app: 48 } as const;

export interface Header {
  /** Of a name, what may stand in a header; `-` when nothing does. */
  readonly hostname: string;
  readonly app: string;
  readonly pid: number;
}

export function headerOf({ function: name, instance, pid }: Writer): Header {
  return {
    hostname: printable(instance).slice(0, NAME_LIMITS.hostname) || '-',
    app: printable(`hub-functions-${name}`).slice(0, NAME_LIMITS.app),
    pid,
  };
}

/** The records of a batch as messages: headers in front of their texts, without the line breaks. */
export function syslogMessages(header: Header, taken: Taken): readonly Uint8Array[] {
  const { ends, bytes } = taken;
  return headsOf(header, taken).map((head, index) => {
    const [start, end] = [ends[index - 1] ?? 0, (ends[index] ?? 1) - 1];
    const message = Buffer.allocUnsafe(head.length + end - start);
    message.write(head, 'latin1');
    message.set(bytes.subarray(start, end), head.length);
    return message;
  });
}

/** The same for a stream, each behind its length. https://www.rfc-editor.org/rfc/rfc6587#section-3.4.1 */
export function syslogFrames(header: Header, taken: Taken): Uint8Array {
  const { ends, bytes } = taken;
  const heads = headsOf(header, taken).map((head, index) => {
    const length = (ends[index] ?? 1) - 1 - (ends[index - 1] ?? 0);
    return `${head.length + length} ${head}`;
  });
  const total = heads.reduce((sum, head) => sum + head.length, bytes.length - heads.length);
  const frames = Buffer.allocUnsafe(total);
  let at = 0;
  for (const [index, head] of heads.entries()) {
    const text = bytes.subarray(ends[index - 1] ?? 0, (ends[index] ?? 1) - 1);
    at += frames.write(head, at, 'latin1');
    frames.set(text, at);
    at += text.length;
  }
  return frames;
}

/** Nothing but ASCII. */
function headsOf({ hostname, app, pid }: Header, { levels, times }: Taken): readonly string[] {
  const who = `${hostname} ${app} ${pid} - - `;
  let known = Number.NaN;
  let timestamp = '';
  return Array.from(times, (time, index) => {
    if (time !== known) timestamp = new Date(time).toISOString();
    known = time;
    return `<${FACILITY * 8 + severityOf(levels[index] ?? 0)}>1 ${timestamp} ${who}`;
  });
}

function severityOf(levelno: number): number {
  if (levelno >= 50) return 2;
  if (levelno >= 40) return 3;
  if (levelno >= 30) return 4;
  return levelno >= 20 ? 6 : 7;
}

function printable(name: string): string {
  return name.replaceAll(/[^!-~]/g, '');
}
