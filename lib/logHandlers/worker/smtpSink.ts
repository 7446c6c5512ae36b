// Records as mail: those of a moment in one, and never more than a few mails a minute.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Transporter } from 'nodemailer';
import type { Batch, Writer } from '../messages';
import type { SmtpSettings } from '../settings';
import { mailServer } from './mailServer';
import type { Sink } from './sink';

const PACE_MS = 10_000;
const PATIENCE = { connectionTimeout: 5_000, greetingTimeout: 5_000, socketTimeout: 15_000, dnsTimeout: 5_000 };

export interface SmtpOptions {
  readonly writer: Writer;
  /** No mail waits any more. */
  readonly closing: AbortSignal;
  readonly paceMs?: number;
}

export function smtpSink(settings: SmtpSettings, { writer, closing, paceMs = PACE_MS }: SmtpOptions): Sink {
  let transport: Transporter | undefined;
  let sentAt = -Infinity;

  const ready = async (): Promise<void> => {
    const { host, port, secure } = mailServer(settings.mailhost);
    if (settings.toaddrs.length === 0) throw new Error('toaddrs is empty: nobody would get the mail');
    if (settings.fromaddr === '') throw new Error('fromaddr is empty: say who sends the mail');
    const [user, pass, ca] = await Promise.all(
      ['username', 'password', 'ca.crt'].map(async (name) => readOptional(join(writer.smtpDirectory, name))),
    );
    const isLoggedIn = user !== undefined && pass !== undefined;
    // Most workers send no mail.
    const { createTransport } = await import('nodemailer');
    transport = createTransport({
      ...PATIENCE,
      host,
      port,
      secure,
      // A password never travels in the clear; without one TLS is used where it is offered.
      ...(isLoggedIn && { auth: { user: user.trim(), pass: pass.trim() }, requireTLS: !secure }),
      ...(ca !== undefined && { tls: { ca } }),
    });
    await transport.verify();
  };

  const write = async ({ bytes }: Batch): Promise<void> => {
    const { fromaddr: from, toaddrs, subject } = settings;
    const waitMs = Math.max(0, sentAt + paceMs - performance.now());
    await sleep(waitMs, undefined, { signal: closing }).catch(() => undefined);
    sentAt = performance.now();
    await transport?.sendMail({ from, to: [...toaddrs], subject, text: Buffer.from(bytes).toString() });
  };

  return { ready, write, close: async () => transport?.close() };
}

async function readOptional(file: string): Promise<string | undefined> {
  return readFile(file, 'utf8').catch(() => undefined);
}
