// The end of a run: the sweep removes what is over its time, whoever started it, and a poll says that it is gone.
import { setTimeout as sleep } from 'node:timers/promises';
import { untilEmpty } from '../../support/eventually';
import type { FunctionProcess } from '../../support/functionProcess';
import { createWorld, type World } from '../../support/world';
import { outpostHubOf, type OutpostHub } from './outpostHub';

jest.setTimeout(60_000);

const flavors = { flavors: { short: { runtime: { minutes: 0.05 } }, long: { runtime: { hours: 1 } } } };
const SHORT_MS = 3_000;
/** Of the reaper's last sweep. */
const REPORT = 'ConfigMap/hub-functions-reaper-report';

let world: World;
let hub: OutpostHub;
let reaper: FunctionProcess;

beforeAll(async () => {
  world = await createWorld({ config: { flavors, outpost: { start_wait_seconds: 0 } } });
  hub = outpostHubOf(world.hub);
  reaper = await world.addFunction('reaper', { REAPER_DRY_RUN: 'false' });
});

afterAll(async () => {
  await world?.close();
});

test('a flavor ends its servers, and no others', async () => {
  await hub.start('brief', { options: { service: 'sleeper', flavor: 'short' } });
  await hub.start('patient', { options: { service: 'sleeper', flavor: 'long' } });
  await world.hub.start('endless');
  await sleep(SHORT_MS);

  expect((await reaper.request('POST', '/')).status).toBe(204);

  expect((await hub.poll('brief')).status).toBe(404);
  expect((await hub.poll('patient')).body).toMatchObject({ status: null });
  expect(await world.hub.poll('endless')).toMatchObject({ running: true });
  expect(reaper.output()).toContain('run_time_exceeded');
  await hub.stop('patient');
  await world.hub.stop('endless');
  await untilEmpty(world.cluster.kube, [REPORT]);
});

test('the installation may end every service, which the K8s Manager wire does not show', async () => {
  const limited = world.workspace.write(
    'limited.json',
    JSON.stringify({
      userhomes: { mode: 'none' },
      services: { descriptions: world.workspace.descriptions, max_runtime: { minutes: 0.05 } },
    }),
  );
  const manager = world.hubOf('hub-a', await world.addServices({ CONFIG_PATH: limited }));
  const started = await manager.start('limited');
  await sleep(SHORT_MS);

  await reaper.request('POST', '/');

  expect(started.text).not.toContain('until');
  expect((await manager.send('GET', '/api/services/limited/')).status).toBe(404);
  await untilEmpty(world.cluster.kube, [REPORT]);
});
