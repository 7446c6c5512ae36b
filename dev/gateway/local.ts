// Tells requests of this machine's user from those that a foreign page makes its browser send.

export interface LocalHeaders {
  readonly host?: string | undefined;
  readonly origin?: string | undefined;
}

/** A name that merely resolves to 127.0.0.1 (DNS rebinding) is foreign too. */
export function isLocal({ host, origin }: LocalHeaders, port: number): boolean {
  const hosts = [`127.0.0.1:${port}`, `localhost:${port}`, ...(port === 80 ? ['127.0.0.1', 'localhost'] : [])];
  if (host === undefined || !hosts.includes(host.toLowerCase())) return false;
  return origin === undefined || hosts.some((own) => origin.toLowerCase() === `http://${own}`);
}
