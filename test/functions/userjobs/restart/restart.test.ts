// Hubs that cannot be told at first, beside others that can.
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { restartTunnels } from '../../../../functions/userjobs/restart/restart';
import { tunnelKey } from '../../../../lib/config/tunnels';

const servers: Server[] = [];

afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

/** Answers one status after another, the last one for ever. */
async function hub(...statuses: readonly number[]): Promise<{ readonly url: string; readonly heard: () => number }> {
  let heard = 0;
  const server = createServer((_, response) => {
    response.writeHead(statuses[Math.min(heard, statuses.length - 1)] ?? 500).end();
    heard += 1;
  }).listen(0, '127.0.0.1');
  servers.push(server);
  await once(server, 'listening');
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, heard: () => heard };
}

test('whose connection does not prove who it is, is told to be unverified', async () => {
  const tunnels = tunnelKey.parse([
    { hostname: 'clear', restart_url: 'http://hub' },
    { hostname: 'unchecked', restart_url: 'https://hub', certificate_path: false },
    { hostname: 'checked', restart_url: 'https://hub' },
  ]);

  const all = await restartTunnels({ tunnels, stage: undefined, environment: { TUNNEL_BASIC: 'x' }, isDryRun: true });

  expect(all.map(({ isUnverified }) => isUnverified)).toEqual([true, true, undefined]);
});

test('who cannot be told is tried again, and nobody hears it twice because of that', async () => {
  const [good, late, away] = [await hub(200), await hub(503, 200), await hub(503)];
  const tunnels = tunnelKey.parse([
    { hostname: 'good', restart_url: good.url },
    { hostname: 'late', restart_url: late.url },
    { hostname: 'away', restart_url: away.url },
    { hostname: 'nowhere' },
  ]);

  const around = { stage: undefined, environment: { TUNNEL_BASIC: 'Basic x' } };
  const all = await restartTunnels({ tunnels, ...around, isDryRun: false, pausesMs: [1, 1] });

  expect(all.map(({ outcome }) => outcome)).toEqual(['told', 'told', 'failed', 'skipped']);
  expect([good.heard(), late.heard(), away.heard()]).toEqual([1, 2, 3]);
});
