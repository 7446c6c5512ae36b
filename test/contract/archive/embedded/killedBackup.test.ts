// The function is killed at each of its API requests of a backup: sweeps finish it, once.
import { apiOf, type ArchiveObject, type Archives } from '../../../support/archives';
import { createKilling, MOST_REQUESTS, type Killing } from '../../../support/killedArchive';

jest.setTimeout(600_000);

let killing: Killing;

beforeAll(async () => {
  killing = await createKilling();
});

afterAll(async () => killing?.archives.world.close());

test('a backup that was killed at any request is finished, once', async () => {
  const { archives, killedAt, toItsEnd, swept, untilIdle } = killing;
  let kills = 0;
  for (let at = 1; at <= MOST_REQUESTS && kills === at - 1; at += 1) {
    const sent = { json: { claim: 'claim-ada' }, headers: { 'idempotency-key': `backup ${at}` } };
    const post = async (send: Archives['send']): Promise<ArchiveObject> =>
      (await send('POST', '/archives', sent)).body as ArchiveObject;
    const isKilled = await killedAt(at, async (instance) => toItsEnd(instance, async () => post(apiOf(instance).send)));
    if (isKilled) kills += 1;

    const made = await swept((await post(archives.send)).id);

    expect(made).toMatchObject({ phase: 'kept', last: { verb: 'backup', outcome: 'done' } });
    await untilIdle();
  }
  expect(kills).toBeGreaterThanOrEqual(10);
  const all = (await archives.send('GET', '/archives')).body as readonly ArchiveObject[];
  expect(new Set(all.map(({ snapshot }) => snapshot)).size).toBe(all.length);
});
