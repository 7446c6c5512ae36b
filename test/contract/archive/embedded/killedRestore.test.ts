// The function is killed at each of its API requests of a restore: sweeps finish it, or leave nothing.
import { apiOf, type ArchiveObject, type Archives } from '../../../support/archives';
import { createKilling, MOST_REQUESTS, type Killing } from '../../../support/killedArchive';

jest.setTimeout(600_000);

let killing: Killing;

beforeAll(async () => {
  killing = await createKilling();
});

afterAll(async () => killing?.archives.world.close());

test('a restore that was killed at any request leaves a claim that is whole, or none', async () => {
  const { archives, killedAt, toItsEnd, swept, untilIdle } = killing;
  const made = await swept((await archives.backUp('claim-ada')).id);
  let kills = 0;
  for (let at = 1; at <= MOST_REQUESTS && kills === at - 1; at += 1) {
    const claim = `claim-copy-${at}`;
    const restore = async (send: Archives['send']) =>
      (await send('POST', `/archives/${made.id}/restore`, { json: { claim } })).body as ArchiveObject;
    const isKilled = await killedAt(at, async (instance) =>
      toItsEnd(instance, async () => restore(apiOf(instance).send)),
    );
    if (isKilled) kills += 1;

    const after = await swept(made.id);
    // It may not have come to anything.
    if (after.last?.claim !== claim) await restore(archives.send);
    expect((await swept(made.id)).last).toMatchObject({ verb: 'restore', outcome: 'done', claim });

    expect((await archives.world.cluster.kube.get('persistentvolumeclaims', claim))?.metadata?.labels).toMatchObject({
      'hub-functions/ready': 'true',
    });
    await untilIdle();
  }
  expect(kills).toBeGreaterThanOrEqual(10);
});
