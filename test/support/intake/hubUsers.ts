// What a hub says of its tokens at `/hub/api/user`; the real one is asked in test/hub.
import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';

export interface HubUsers {
  /** Of its API. */
  readonly url: string;
  readonly close: () => void;
}

/** By token; a status in place of a user is the answer to all. */
export async function startHubUsers(users: Readonly<Record<string, object>>): Promise<HubUsers> {
  const server = createServer(({ url, headers }, response) => {
    const [, token = ''] = /^token (.*)$/.exec(headers.authorization ?? '') ?? [];
    const user = url === '/hub/api/user' ? users[token] : undefined;
    response.writeHead(user === undefined ? 403 : 200, { 'content-type': 'application/json' });
    response.end(JSON.stringify(user ?? { status: 403, message: 'Forbidden' }));
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hub/api/`, close: () => server.close() };
}
