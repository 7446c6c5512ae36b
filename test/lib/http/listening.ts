// A front on a free port of 127.0.0.1, with a login for each role and a record of its log.
import { once } from 'node:events';
import { connect, type AddressInfo } from 'node:net';
import type { Caller } from '../../../lib/credentials/caller';
import { AppError } from '../../../lib/errors';
import type { Authenticate } from '../../../lib/http/api';
import { createFront, type Front, type FrontOptions } from '../../../lib/http/front';
import { createLog } from '../../../lib/log';

export interface Listening extends Front {
  readonly port: number;
  readonly lines: readonly Record<string, unknown>[];
  /** A request as its caller makes it; `login` is the user name. */
  readonly call: (path: string, init?: RequestInit & { readonly login?: string }) => Promise<Answer>;
  /** Everything a socket answers to these bytes until it is closed. */
  readonly raw: (...chunks: (string | Buffer)[]) => Promise<string>;
  readonly close: () => Promise<void>;
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

const CALLERS: Readonly<Record<string, Authenticate>> = {
  member: () => Promise.resolve({ name: 'member', groups: ['staff'], superuser: false }),
  stranger: () => Promise.resolve({ name: 'stranger', groups: [], superuser: false }),
  admin: () => Promise.resolve({ name: 'admin', groups: [], superuser: true }),
};

export async function listen(options: Partial<FrontOptions> = {}): Promise<Listening> {
  const lines: Record<string, unknown>[] = [];
  const log = createLog({ level: 'debug', name: 'trial', write: (line) => lines.push(JSON.parse(line)) });
  const front = createFront({ name: 'trial', routes: [], authenticate, config: {}, log, ...options });
  front.server.listen(0, '127.0.0.1');
  await once(front.server, 'listening');
  const { port } = front.server.address() as AddressInfo;
  const call: Listening['call'] = async (path, { login, ...init } = {}) => {
    const headers = { ...(login !== undefined && { authorization: login }), ...(init.headers as object) };
    const response = await fetch(`http://127.0.0.1:${port}${path}`, { ...init, headers });
    return { status: response.status, headers: response.headers, text: await response.text() };
  };
  return { ...front, port, lines, call, raw: (...chunks) => exchangeBytes(port, chunks), close: () => close(front) };
}

async function authenticate(headers: Readonly<Record<string, string>>): Promise<Caller> {
  const caller = CALLERS[headers.authorization ?? ''];
  if (!caller) throw new AppError('no_login', 401, 'Authentication credentials were not provided.');
  return caller(headers);
}

function exchangeBytes(port: number, chunks: readonly (string | Buffer)[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1');
    let received = '';
    socket.on('data', (data) => (received += data.toString()));
    socket.on('error', reject);
    socket.on('close', () => resolve(received));
    for (const chunk of chunks) socket.write(chunk);
  });
}

async function close({ server }: Front): Promise<void> {
  server.closeAllConnections();
  if (!server.listening) return;
  server.close();
  await once(server, 'close');
}
