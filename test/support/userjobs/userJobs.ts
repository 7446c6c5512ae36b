// User jobs as a hub uses them, with a real sshd as the other system.
import { chmodSync } from 'node:fs';
import { join } from 'node:path';
import { eventually } from '../eventually';
import type { FunctionEnvironment, FunctionProcess } from '../functionProcess';
import { hubOf } from '../hub';
import type { Answer, Sent } from '../httpClient';
import { createWorld, type World } from '../world';
import { startSshServer, type SshServer } from './sshServer';

export interface Status {
  readonly phase: string;
  readonly reason?: string;
  readonly message: string;
  readonly job?: { readonly id: number; readonly state?: string; readonly reason?: string; readonly node?: string };
}

export interface UserJobs {
  readonly world: World;
  readonly instance: FunctionProcess;
  /** One more of the function, with another environment. */
  readonly addInstance: (environment: FunctionEnvironment) => Promise<FunctionProcess>;
  readonly host: SshServer;
  /** As credential `hub-a`. */
  readonly send: (method: string, path: string, sent?: Sent) => Promise<Answer>;
  readonly create: (body: object) => Promise<Answer>;
  readonly status: (service: string) => Promise<Status>;
  readonly until: (service: string, phase: string, seconds?: number) => Promise<Status>;
  readonly remove: (service: string) => Promise<Answer>;
  readonly close: () => Promise<void>;
}

export interface UserJobsOptions {
  /** Merged into the host's configuration. */
  readonly host?: object;
  readonly environment?: Readonly<Record<string, string>>;
}

/** Reachable from pods of the real cluster, too: it is on the machine's own loopback. */
export const POD_REACHABLE = process.env['POD_REACHABLE_ADDRESS'] ?? '10.250.0.1';
export const TUNNEL_IMAGE = `dev.local/hub-functions-userjobs:${process.env['npm_package_version'] ?? '0.1.0'}`;

/** Host `system`, where `localhost` is a node with any port above 1023. */
export async function createUserJobs({ host, environment }: UserJobsOptions = {}): Promise<UserJobs> {
  const isEmbedded = globalThis.contractOn === 'embedded';
  const server = await startSshServer({
    address: isEmbedded ? '127.0.0.1' : POD_REACHABLE,
    ...(environment && { environment }),
  });
  const { address, port, user } = server;
  const system = { address, port, user, nodes: ['localhost', '127.0.0.1'], ports: ['1024-65535'], ...host };
  const world = await createWorld({ config: { userjobs: { hosts: { system } } } });
  const { kube } = world.cluster;
  await kube.create('secrets', { metadata: { name: 'hub-functions-ssh' }, stringData: server.secret });
  const files = Object.entries(server.secret).map(([name, text]) => world.workspace.write(`ssh/${name}`, text));
  for (const file of files) chmodSync(file, 0o600);
  const common = {
    SSH_DIRECTORY: join(world.workspace.root, 'ssh'),
    TUNNEL_IMAGE,
    ...(!isEmbedded && { TUNNEL_PROGRAM: '/function/tunnel/index.js' }),
  };
  const addInstance: UserJobs['addInstance'] = async (own) => world.addFunction('userjobs', { ...common, ...own });
  const instance = await addInstance({});
  const { send } = hubOf(instance);
  const status: UserJobs['status'] = async (service) =>
    (await send('GET', `/api/userjobs/${service}/status/`)).body as Status;
  return {
    world,
    instance,
    addInstance,
    host: server,
    send,
    status,
    create: async (body) => send('POST', '/api/userjobs/', { json: body }),
    until: async (service, phase, seconds = 60) =>
      eventually(async () => {
        const state = await status(service);
        if (state.phase === phase) return state;
        throw new Error(`user job ${service} is not ${phase}: ${JSON.stringify(state)}`);
      }, seconds),
    remove: async (service) => send('DELETE', `/api/userjobs/${service}/`),
    close: async () => {
      await world.close();
      await server.close();
    },
  };
}
