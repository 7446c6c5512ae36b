// A record as a syslog message (RFC 5424), and how messages follow each other on a TCP connection (RFC 6587, octet counting). Pure.
import type { Writer } from '../messages';

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

export function syslogMessage(header: Header, record: { levelno: number; time: number; text: string }): string {
  const { hostname, app, pid } = header;
  const priority = FACILITY * 8 + severityOf(record.levelno);
  return `<${priority}>1 ${new Date(record.time).toISOString()} ${hostname} ${app} ${pid} - - ${record.text}`;
}

/** https://www.rfc-editor.org/rfc/rfc6587#section-3.4.1 */
export function framed(message: string): string {
  return `${Buffer.byteLength(message)} ${message}`;
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
