// Movers are killed in the middle of their work.
import type { ArchiveObject, Archives } from '../../../support/archives';
import { eventually } from '../../../support/eventually';
import { createKilling, type Killing } from '../../../support/killedArchive';

jest.setTimeout(600_000);

let killing: Killing;

beforeAll(async () => {
  killing = await createKilling();
});

afterAll(async () => killing?.archives.world.close());

test('a mover that is killed is started again, and one that never gets to its end is told', async () => {
  const { archives, swept } = killing;
  await archives.claims.create('claim-big');
  await archives.claims.run('claim-big', 'head -c 200000000 /dev/urandom > /data/big');
  const asked = await archives.backUp('claim-big');
  await killMovers(archives, 1);
  expect(await swept(asked.id)).toMatchObject({ phase: 'kept', last: { outcome: 'done' } });

  await archives.claims.run('claim-big', 'head -c 200000000 /dev/urandom > /data/big2');
  const again = await archives.backUp('claim-big');
  await killMovers(archives, 3);
  expect(await swept(again.id)).toMatchObject({ phase: 'failed', last: { outcome: 'failed', reason: 'Interrupted' } });
  // What it may have written goes with it.
  expect(await archives.send('DELETE', `/archives/${again.id}`)).toMatchObject({
    status: 202,
    body: { operation: { verb: 'delete' } },
  });
  expect(await swept(again.id)).toMatchObject({ detail: 'Archive not found' });
  expect(await swept((await archives.ask(await archives.get(asked.id), 'verify')).id)).toMatchObject({
    last: { verb: 'verify', outcome: 'done' },
  });
});

test('a mover that its node sends away in the middle is started again', async () => {
  const { archives, swept } = killing;
  await archives.claims.create('claim-drained', 'dora');
  await archives.claims.run('claim-drained', 'head -c 200000000 /dev/urandom > /data/big');
  const asked = await archives.backUp('claim-drained');
  await evictMover(archives, asked);
  expect(await swept(asked.id)).toMatchObject({ phase: 'kept', last: { outcome: 'done' } });
});

/** As `kubectl drain` does: it is told to end, and says that it was. */
async function evictMover({ world, get }: Archives, { id }: ArchiveObject): Promise<void> {
  const { kube, namespace } = world.cluster;
  await eventually(async () => (await get(id)).operation?.progress, 60);
  const [pod] = await kube.list('pods', 'hub-functions/kind=archive-mover');
  const name = pod?.metadata?.name ?? '';
  const eviction = { apiVersion: 'policy/v1', kind: 'Eviction', metadata: { name, namespace } };
  const { status } = await kube.send('POST', `/api/v1/namespaces/${namespace}/pods/${name}/eviction`, eviction);
  expect(status).toBe(201);
}

/** As many of them as there are told, each as soon as it runs. */
async function killMovers({ world }: Archives, times: number): Promise<void> {
  const killed = new Set<string>();
  await eventually(async () => {
    for (const { status } of await world.cluster.kube.list('pods', 'hub-functions/kind=archive-mover')) {
      const [main] =
        (
          status as {
            readonly containerStatuses?: readonly { readonly containerID?: string; readonly state: object }[];
          }
        ).containerStatuses ?? [];
      const id = main?.containerID;
      if (id === undefined || killed.has(id) || !('running' in main!.state)) continue;
      killed.add(id);
      process.kill(Number(id.slice('process://'.length)), 'SIGKILL');
    }
    return killed.size >= times ? true : undefined;
  }, 60);
}
