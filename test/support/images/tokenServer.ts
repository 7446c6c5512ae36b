// Who gives out tokens for a registry: to whom has a password, or a refresh token; only for what they may do.
// https://distribution.github.io/distribution/spec/auth/jwt/
import { createSign, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { generate } from 'selfsigned';

export const REFRESH_TOKEN = 'refresh token of the pusher';
export const SERVICE = 'registry of the tests';
const ISSUER = 'token server of the tests';

/** Passwords, and what may be done to every repository. */
const USERS: Readonly<Record<string, { readonly password: string; readonly actions: readonly string[] }>> = {
  pusher: { password: 'secret of the pusher', actions: ['pull', 'push'] },
  reader: { password: 'secret of the reader', actions: ['pull'] },
};

export interface TokenServer {
  readonly realm: string;
  readonly issuer: string;
  /** Of who signs the tokens. */
  readonly certificate: string;
  /** Who asked, and how. */
  readonly asked: string[];
  readonly stop: () => Promise<void>;
}

export async function startTokenServer(): Promise<TokenServer> {
  const { private: key, cert: certificate } = await generate([{ name: 'commonName', value: ISSUER }], {
    keySize: 2048,
  });
  const asked: string[] = [];
  const server = createServer((request, response) => {
    void whoAsks(request).then(({ user, service, scopes }) => {
      asked.push(`${request.method} ${user ?? 'nobody'}`);
      const known = user === undefined ? undefined : USERS[user];
      if (known === undefined) return response.writeHead(401).end('{}');
      const access = scopes.map((scope) => granted(scope, known.actions));
      const token = signed({ iss: ISSUER, sub: user, aud: service, access }, { key, certificate });
      return response.end(JSON.stringify({ token, access_token: token, expires_in: 300 }));
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    realm: `http://127.0.0.1:${port}/token`,
    issuer: ISSUER,
    certificate,
    asked,
    stop: async () => {
      if (!server.listening) return;
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

interface Asking {
  readonly user: string | undefined;
  readonly service: string;
  readonly scopes: readonly string[];
}

async function whoAsks(request: IncomingMessage): Promise<Asking> {
  const form = new URLSearchParams(await text(request));
  const query = request.method === 'POST' ? form : new URL(request.url ?? '', 'http://here').searchParams;
  const scopes = query.getAll('scope').flatMap((scope) => scope.split(' '));
  const service = query.get('service') ?? '';
  if (form.get('refresh_token') === REFRESH_TOKEN) return { user: 'pusher', service, scopes };
  const [user = '', password] = atob((request.headers.authorization ?? '').replace(/^Basic /, '')).split(':');
  return { user: USERS[user]?.password === password ? user : undefined, service, scopes };
}

function granted(scope: string, actions: readonly string[]): object {
  const [type, name, wanted = ''] = scope.split(':');
  return { type, name, actions: wanted.split(',').filter((action) => actions.includes(action)) };
}

function signed(claims: object, { key, certificate }: { readonly key: string; readonly certificate: string }): string {
  const der = certificate.replaceAll(/-----[A-Z ]+-----|\s/g, '');
  const now = Math.floor(Date.now() / 1000);
  const all = { ...claims, iat: now, nbf: now - 10, exp: now + 300, jti: randomUUID() };
  const parts = [{ typ: 'JWT', alg: 'RS256', x5c: [der] }, all].map((part) =>
    Buffer.from(JSON.stringify(part)).toString('base64url'),
  );
  const signature = createSign('RSA-SHA256').update(parts.join('.')).sign(key, 'base64url');
  return `${parts.join('.')}.${signature}`;
}
