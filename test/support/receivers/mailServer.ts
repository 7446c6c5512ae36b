// A real SMTP server on a free port: in the clear, with STARTTLS, or with TLS from the first byte; with a login if wanted.
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { generate } from 'selfsigned';
import { SMTPServer } from 'smtp-server';
import { text as textOf } from 'node:stream/consumers';

export interface Mail {
  readonly from: string;
  readonly to: readonly string[];
  /** Headers and all. */
  readonly text: string;
  readonly isEncrypted: boolean;
  readonly user: string | undefined;
}

export interface MailServer {
  readonly port: number;
  readonly mails: readonly Mail[];
  /** Certificate of who signed the server's. */
  readonly ca: string;
  readonly stop: () => Promise<void>;
}

export interface MailServerOptions {
  readonly tls: 'none' | 'starttls' | 'implicit';
  readonly login?: { readonly username: string; readonly password: string };
}

export async function startMailServer({ tls, login }: MailServerOptions): Promise<MailServer> {
  const mails: Mail[] = [];
  const { private: key, cert } = await generate([{ name: 'commonName', value: 'localhost' }], {
    extensions: [
      { name: 'basicConstraints', cA: true },
      { name: 'subjectAltName', altNames: [{ type: 2, value: 'localhost' }] },
    ],
  });
  const server = new SMTPServer({
    key,
    cert,
    secure: tls === 'implicit',
    disabledCommands: [...(tls === 'none' ? ['STARTTLS'] : []), ...(login === undefined ? ['AUTH'] : [])],
    onAuth: ({ username, password }, _session, callback) => {
      const isRight = username === login?.username && password === login?.password;
      callback(isRight ? null : new Error('wrong login'), isRight ? { user: username } : undefined);
    },
    onData: (stream, { envelope, secure, user }, callback) => {
      const from = envelope.mailFrom === false ? '' : envelope.mailFrom.address;
      const to = envelope.rcptTo.map(({ address }) => address);
      const take = async (): Promise<void> => {
        const text = await textOf(stream);
        mails.push({ from, to, text, isEncrypted: secure, user: user as string | undefined });
      };
      void take().finally(callback);
    },
  });
  server.on('error', () => undefined);
  const listening = server.listen(0, '127.0.0.1');
  await once(listening, 'listening');
  return {
    port: (listening.address() as AddressInfo).port,
    mails,
    ca: cert,
    stop: async () => new Promise((resolve) => server.close(() => resolve())),
  };
}
