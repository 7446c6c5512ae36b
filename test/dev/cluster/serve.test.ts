import { request as httpsRequest } from 'node:https';
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { serveCluster, type ServedCluster } from '../../../dev/cluster/serve';
import type { Transport } from '../../../lib/kube/transport';
import { createApiClient, NS } from './api/apiClient';

let stateDir: string;
let served: ServedCluster;
let authority: string;
const api = createApiClient();
const transport: Transport = async ({ method, path, ...rest }) => await api.open(method, path, rest);

beforeAll(async () => {
  stateDir = await mkdtemp(join(tmpdir(), 'serve-'));
  served = await serveCluster({ transport, stateDir });
  authority = JSON.parse(await readFile(join(stateDir, 'identity.json'), 'utf8')).authority;
});

afterAll(async () => {
  await served.close();
  await rm(stateDir, { recursive: true });
});

interface Sent {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

async function send(path: string, { body, ...options }: Sent = {}) {
  const headers = { authorization: `Bearer ${served.token}`, ...options.headers };
  return await new Promise<{ status: number; text: string }>((resolve, reject) => {
    const request = httpsRequest(
      served.url + path,
      { ca: authority, agent: false, servername: 'localhost', ...options, headers },
      (response) => {
        let text = '';
        response.on('data', (chunk: Buffer) => (text += chunk.toString()));
        response.on('end', () => resolve({ status: response.statusCode ?? 0, text }));
      },
    );
    request.on('error', reject);
    request.end(body);
  });
}

it('answers who holds the token, over a certificate of its own authority', async () => {
  expect(await send('/version')).toMatchObject({ status: 200, text: expect.stringContaining('gitVersion') });
});

it.each([
  ['a wrong token', { authorization: 'Bearer nonsense' }, 401],
  ['no token', { authorization: '' }, 401],
  ['a web page', { origin: 'https://example.com' }, 403],
  ['a foreign host name', { host: 'example.com' }, 403],
])('refuses %s', async (_who, headers, status) => {
  const reply = await send('/api', { headers });
  expect(reply.status).toBe(status);
  expect(JSON.parse(reply.text)).toMatchObject({ kind: 'Status', code: status });
});

it('creates from a body, and refuses one beyond 3 MiB', async () => {
  const path = `${NS}/configmaps`;
  expect((await send(path, { method: 'POST', body: '{"metadata":{"name":"a"}}' })).status).toBe(201);
  expect((await send(path, { method: 'POST', body: ' '.repeat(4 * 1024 * 1024) })).status).toBe(413);
});

it('cuts the connection where a fault says so', async () => {
  const withdraw = api.faults.inject({ match: { resource: 'pods' }, effect: { reset: true } });
  await expect(send(`${NS}/pods`)).rejects.toThrow('socket hang up');
  withdraw();
});

it('keeps its secrets to the owner of the folder, and its token between starts', async () => {
  const modes = await Promise.all(
    ['identity.json', 'kubeconfig'].map(async (file) => (await stat(join(stateDir, file))).mode),
  );
  expect(modes.map((mode) => mode & 0o777)).toEqual([0o600, 0o600]);
  const again = await serveCluster({ transport, stateDir });
  await again.close();
  expect(again.token).toBe(served.token);
});
