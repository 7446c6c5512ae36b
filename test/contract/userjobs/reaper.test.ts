// The reaper and user jobs: what belongs to one that is there stays, and what one has left behind goes.
import { randomUUID } from 'node:crypto';
import { WEB_SERVICE } from '../../support/credentialFiles';
import { eventually } from '../../support/eventually';
import { hubOf, type Hub } from '../../support/hub';
import { sweeping, type Sweeping } from '../../support/reaper';
import { createWorld, type World } from '../../support/world';

jest.setTimeout(120_000);

let world: World;
let hub: Hub;

beforeAll(async () => {
  const system = { address: '127.0.0.1', port: 1, user: 'nobody', nodes: ['*'], ports: ['1-65535'] };
  world = await createWorld({ config: { userjobs: { hosts: { system } } } });
  world.workspace.setCredential('hub-a', { groups: [WEB_SERVICE, 'access_to_reaper'] });
  hub = hubOf(await world.addFunction('userjobs', { TUNNEL_IMAGE: 'dev.local/node:1' }));
  await world.hub.start('lab1');
  const body = { service: 'lab1', hostname: 'system', target_node: 'node1', ports: { '8080': 9000 } };
  await hub.send('POST', '/api/userjobs/', { json: body });
});

afterAll(async () => world?.close());

async function impatientReaper(): Promise<Sweeping> {
  const reaper = { dry_run: false, start_deadline_seconds: 60, orphan_grace_seconds: 0 };
  const CONFIG_PATH = world.workspace.write(`reaper-${randomUUID()}.json`, JSON.stringify({ reaper }));
  return sweeping(world, await world.addFunction('reaper', { CONFIG_PATH }));
}

async function names(): Promise<readonly string[]> {
  const all = await world.cluster.kube.everything();
  return all.filter((name) => /^(ConfigMap\/userjob|Deployment\/tunnel|Service\/lab1)/.test(name));
}

it('a sweep leaves anchor, tunnel and Service of a user job alone', async () => {
  const before = await names();
  expect(before).toHaveLength(3);
  // Kubernetes tells ages in seconds.
  await new Promise((resolve) => setTimeout(resolve, 1_500));
  const { sweep, report } = await impatientReaper();

  expect(await sweep()).toBe(204);

  expect(await report()).toMatchObject({ deleted: 0, failed: 0 });
  expect(await names()).toEqual(before);
});

it('what a user job that is gone has left behind is removed', async () => {
  const gone = randomUUID();
  await world.cluster.kube.create('services', {
    metadata: {
      name: 'left-behind',
      labels: { 'app.kubernetes.io/managed-by': 'hub-functions', 'hub-functions/anchor-uid': gone },
    },
    spec: { selector: { a: 'b' }, ports: [{ port: 80 }] },
  });
  const { sweep } = await impatientReaper();

  await eventually(async () => {
    await sweep();
    return (await world.cluster.kube.get('services', 'left-behind')) === undefined ? true : undefined;
  });

  expect(await names()).toHaveLength(3);
});
