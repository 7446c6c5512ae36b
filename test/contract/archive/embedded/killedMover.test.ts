// Movers are killed in the middle of their work.
import type { Archives } from '../../../support/archives';
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
  expect(await swept((await archives.ask(await archives.get(asked.id), 'verify')).id)).toMatchObject({
    last: { verb: 'verify', outcome: 'done' },
  });
});

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
