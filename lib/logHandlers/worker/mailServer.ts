// Which server a `mailhost` names, and how it is spoken to. Pure.

export interface MailServer {
  readonly host: string;
  readonly port: number;
  /** TLS from the first byte; else by STARTTLS where the server offers it. */
  readonly secure: boolean;
}

const PORTS: Readonly<Record<string, number>> = { smtp: 25, smtps: 465 };

/** `host`, `host:port`, `smtp://host:port`, `smtps://host`; throws what an operator has to know. */
export function mailServer(mailhost: string): MailServer {
  const [, scheme = 'smtp', host = '', digits] =
    /^(?:(smtps?):\/\/)?([A-Za-z0-9._-]+)(?::(\d{1,5}))?\/?$/.exec(mailhost) ?? [];
  if (host === '')
    throw new Error(mailhost === '' ? 'mailhost is empty' : `mailhost ${mailhost} is neither host nor host:port`);
  const port = digits === undefined ? (PORTS[scheme] ?? 25) : Number(digits);
  if (!isPort(port)) throw new Error(`mailhost ${mailhost} names a port that does not exist`);
  return { host, port, secure: scheme === 'smtps' || port === 465 };
}

function isPort(number: number): boolean {
  return number > 0 && number < 65_536;
}
