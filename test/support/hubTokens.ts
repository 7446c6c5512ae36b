// What a hub answers when it is asked whose token it is.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface HubTokens {
  /** `http://HOST:PORT/hub/api` */
  readonly url: string;
  readonly asked: () => number;
  /** From now on the hub answers this to everybody. */
  readonly breakWith: (status: number | undefined) => void;
  readonly close: () => void;
}

/** By token: the model that the hub has of its owner. */
export async function startHubTokens(models: Readonly<Record<string, object>>): Promise<HubTokens> {
  let count = 0;
  let broken: number | undefined;
  const server = createServer(({ url, headers }, response) => {
    count += 1;
    const model = models[/^token (.+)$/.exec(headers.authorization ?? '')?.[1] ?? ''];
    if (broken !== undefined) response.writeHead(broken).end();
    else if (url !== '/hub/api/user' || model === undefined) response.writeHead(403).end('{"status": 403}');
    else response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(model));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hub/api`,
    asked: () => count,
    breakWith: (status) => void (broken = status),
    close: () => void server.close(),
  };
}
