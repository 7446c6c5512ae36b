// `hubfn tunnels restart` against hubs that listen here, with and without a certificate that anybody trusts.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type RequestListener } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo, Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { generate } from 'selfsigned';
import type { Terminal } from '../../../bin/command';
import { restartTunnelsCommand } from '../../../bin/tunnels/restart';

const SECRET = 'Basic c2VjcmV0LXNlY3JldA==';

interface Heard {
  readonly headers: IncomingMessage['headers'];
  readonly method: string | undefined;
  readonly body: string;
}

let folder: string;
let servers: Server[];
let heard: Heard[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tunnels-'));
  servers = [];
  heard = [];
});

afterEach(() => {
  for (const server of servers) server.close();
  rmSync(folder, { recursive: true });
});

async function listen(server: Server, scheme: string): Promise<string> {
  servers.push(server);
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  return `${scheme}://127.0.0.1:${(server.address() as AddressInfo).port}/restart`;
}

const hub =
  (status: number): RequestListener =>
  (request, response) => {
    void (async () => {
      heard.push({ headers: request.headers, method: request.method, body: await text(request) });
      response.writeHead(status, { location: '/elsewhere' }).end();
    })();
  };

async function run(tunnel: readonly object[], ...args: readonly string[]): Promise<{ code: unknown; output: string }> {
  const file = join(folder, 'config.json');
  writeFileSync(file, JSON.stringify({ tunnel, services: { unknown: 'to this command' } }));
  let output = '';
  const write = (words: string): void => void (output += words);
  const terminal = { write, environment: { TUNNEL_BASIC: SECRET } } as unknown as Terminal;
  const code = await restartTunnelsCommand.run(['--config', file, ...args], terminal);
  return { code, output };
}

test('a hub is told once, with the headers of the contract', async () => {
  const restart_url = await listen(createServer(hub(200)), 'http');

  const { code, output } = await run([{ hostname: 'system', restart_url }]);

  expect([code, output]).toEqual([0, `system: told at ${restart_url} (it is not verified)\n`]);
  expect(heard).toEqual([
    {
      method: 'POST',
      body: '{"hostname":"system"}',
      headers: expect.objectContaining({
        authorization: SECRET,
        'content-type': 'application/json',
        uuidcode: 'StartUp',
      }) as unknown,
    },
  ]);
});

test('one that refuses, redirects or is silent is told as failed, the others hear it, and the credential is in no output', async () => {
  const good = await listen(createServer(hub(204)), 'http');
  const refusing = await listen(createServer(hub(403)), 'http');
  const redirecting = await listen(createServer(hub(302)), 'http');
  const silent = await listen(
    createServer(() => undefined),
    'http',
  );

  const { code, output } = await run([
    { hostname: 'a', restart_url: refusing },
    { hostname: 'b', restart_url: redirecting },
    { hostname: 'c', restart_url: silent, timeout: 0.2 },
    { hostname: 'd' },
    { hostname: 'e', restart_url: good },
  ]);

  expect(code).toBe(1);
  expect(output.split('\n').map((line) => line.replace(/ at http[^ ]*\d\/restart \(it is not verified\)/, ''))).toEqual(
    [
      'a: failed: it answered 403',
      'b: failed: it answered 302',
      'c: failed: it did not answer within 0.2 s',
      'd: skipped: it has no restart_url for this stage',
      'e: told',
      '',
    ],
  );
  expect(output).not.toContain('c2VjcmV0');
  for (const server of servers) (server as unknown as { closeAllConnections: () => void }).closeAllConnections();
});

test('a certificate that nobody trusts is refused, unless it is named, or nobody wants to know', async () => {
  const { private: key, cert } = await generate([{ name: 'commonName', value: '127.0.0.1' }], {
    extensions: [{ name: 'subjectAltName', altNames: [{ type: 7, ip: '127.0.0.1' }] }],
  });
  const restart_url = await listen(createSecureServer({ key, cert }, hub(200)), 'https');
  const certificate_path = join(folder, 'ca.crt');
  writeFileSync(certificate_path, cert);
  const system = { hostname: 'system', restart_url };

  const strict = await run([system]);
  expect(strict.code).toBe(1);
  expect(strict.output).toContain('self-signed certificate');
  expect(heard).toEqual([]);
  expect((await run([{ ...system, certificate_path }])).code).toBe(0);
  const loose = await run([{ ...system, certificate_path: false }]);
  expect([loose.code, loose.output]).toEqual([0, expect.stringContaining('not verified') as string]);
});

test('a dry run tells nobody', async () => {
  const restart_url = await listen(createServer(hub(200)), 'http');

  const { code, output } = await run([{ hostname: 'system', restart_url }], '--dry-run');

  expect([code, output, heard]).toEqual([0, `system: would be told at ${restart_url} (it is not verified)\n`, []]);
});

test('without a file there is nothing to go by', async () => {
  const terminal = { write: () => undefined, environment: {} } as unknown as Terminal;
  await expect(restartTunnelsCommand.run([], terminal)).rejects.toThrow('--config FILE');
});
