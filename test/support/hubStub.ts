// The progress API of a hub: keeps what it is told, and misbehaves on request.
import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';

export interface Told {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: {
    readonly progress: number;
    readonly failed: boolean;
    readonly ready?: boolean;
    readonly message: string;
    readonly html_message: string;
    readonly reason?: string;
  };
}

/** Answers one POST instead of the stub's 204. */
export type Misbehave = (response: ServerResponse) => unknown;

export interface HubStub {
  /** `http://HOST:PORT/hub/api/`, as config.json names it. */
  readonly url: string;
  /** What was told at paths that end so, oldest first; what it misbehaved at, too. */
  readonly told: (ending: string) => readonly Told[];
  /** From now on, until it is called without. */
  readonly misbehave: (how?: Misbehave) => void;
  /** Called at each POST, before the answer. */
  readonly onTold: (listener: (told: Told) => void) => void;
  readonly close: () => void;
}

/** Where pods reach this machine. */
export const NODE_ADDRESS = process.env['NODE_ADDRESS'] ?? '10.250.0.1';

/** `host`: where the functions of this suite can reach it. */
export async function startHubStub(
  host = globalThis.contractOn === 'knative' ? NODE_ADDRESS : '127.0.0.1',
): Promise<HubStub> {
  const all: Told[] = [];
  let misbehavior: Misbehave | undefined;
  let listener: ((told: Told) => void) | undefined;
  const server: Server = createServer((request, response) => {
    void keep(request).then(() => (misbehavior ? misbehavior(response) : response.writeHead(204).end()));
  });
  const keep = async (request: IncomingMessage): Promise<void> => {
    const { url: path = '', headers } = request;
    const told = { path, headers, body: (await json(request)) as Told['body'] };
    all.push(told);
    listener?.(told);
  };
  await new Promise<void>((resolve) => server.listen(0, host, resolve));
  return {
    url: `http://${host}:${(server.address() as AddressInfo).port}/hub/api/`,
    told: (ending) => all.filter(({ path }) => path.endsWith(ending)),
    misbehave: (how) => void (misbehavior = how),
    onTold: (next) => void (listener = next),
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}
