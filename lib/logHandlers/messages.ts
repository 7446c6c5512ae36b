// What the main thread and the worker thread tell each other.
import type { Taken } from './queue';
import type { FileSettings, HandlerName, SmtpSettings, SyslogSettings } from './settings';

/** Handlers that wait for something outside of the process: the worker's. */
export type SlowHandler = Exclude<HandlerName, 'stream'>;
export const SLOW_HANDLERS: readonly SlowHandler[] = ['file', 'smtp', 'syslog'];

export interface SlowSettings {
  readonly file: FileSettings;
  readonly smtp: SmtpSettings;
  readonly syslog: SyslogSettings;
}

/** Who writes: part of file names, and of each line to syslog. */
export interface Writer {
  readonly function: string;
  readonly instance: string;
  readonly pid: number;
  /** Folder with `username`, `password` and `ca.crt` for SMTP; each may be absent. */
  readonly smtpDirectory: string;
}

/** Records of one handler, already text. */
export interface Batch extends Taken {
  readonly id: number;
}

export type ToWorker =
  /** All that is active; what is not named ends. */
  | { readonly kind: 'configure'; readonly handlers: Readonly<Partial<SlowSettings>> }
  | { readonly kind: 'batch'; readonly handler: SlowHandler; readonly batch: Batch }
  | { readonly kind: 'close' };

export type FromWorker =
  /** A batch has left this process, but for `lost` records. */
  | { readonly kind: 'done'; readonly handler: SlowHandler; readonly id: number; readonly lost: number }
  | { readonly kind: 'trouble'; readonly handler: SlowHandler; readonly reason: string }
  | { readonly kind: 'recovered'; readonly handler: SlowHandler }
  | { readonly kind: 'closed' };
