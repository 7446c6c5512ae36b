// The function is killed at requests of a release and its way back: no file is lost.
import { apiOf, type Archives } from '../../../support/archives';
import { eventually } from '../../../support/eventually';
import { createKilling, MOST_REQUESTS, type Killing } from '../../../support/killedArchive';

jest.setTimeout(600_000);

let killing: Killing;

beforeAll(async () => {
  killing = await createKilling();
});

afterAll(async () => killing?.archives.world.close());

/** Each third one, before and after it in turn: a claim has to be archived and verified anew for each of more than forty. All are of one user: a repository is made once. */
test('a release and its way back that were killed at requests all along lose no file', async () => {
  const { archives, killedAt, swept, untilIdle } = killing;
  let [kills, isMore] = [0, true];
  for (let at = 2; at <= MOST_REQUESTS && isMore; at += 3) {
    const name = `claim-user${at}`;
    await archives.claims.create(name, 'ada');
    await archives.claims.run(name, `echo ${name} > /data/name`);
    const made = await swept((await archives.ask(await swept((await archives.backUp(name)).id), 'verify')).id);
    const releaseAndUndo = async (send: Archives['send']): Promise<void> => {
      await send('POST', '/archives/release', { json: { claim: name } });
      await send('POST', `/archives/${made.id}/undo`);
    };
    const isKilled = await killedAt(at, async (instance) => releaseAndUndo(apiOf(instance).send));
    isMore = isKilled;
    if (isKilled) kills += 1;

    // Whatever it was killed at, an undo brings the claim back, unless it never went.
    await eventually(async () => {
      const { status } = await archives.send('POST', `/archives/${made.id}/undo`);
      return status === 404 ? true : undefined;
    }, 60);
    expect(await archives.claims.run(name, 'cat /data/name')).toBe(`${name}\n`);
    await untilIdle();
  }
  expect(kills).toBeGreaterThanOrEqual(10);
});
