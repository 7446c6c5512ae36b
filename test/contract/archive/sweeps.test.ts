// What the policy does by itself: idle claims are archived, read and drilled, old archives go, and nothing is done twice.
import { createArchives, type ArchiveObject, type Archives } from '../../support/archives';
import { eventually } from '../../support/eventually';

jest.setTimeout(180_000);

let archives: Archives;

beforeAll(async () => {
  const keep = { last: 1, daily: 0, weekly: 0, monthly: 0, yearly: 0 };
  archives = await createArchives({
    idle_days: 0,
    verify: true,
    drill_days: 0.00005,
    keep,
    at_once: 2,
    rotate_days: 0,
  });
  for (const user of ['ada', 'bob', 'cy']) {
    await archives.claims.create(`claim-${user}`);
    await archives.claims.run(`claim-${user}`, `echo ${user} > /data/name`);
  }
  await archives.claims.create('unused', '');
});

afterAll(async () => archives?.world.close());

async function all(): Promise<readonly ArchiveObject[]> {
  return (await archives.send('GET', '/archives')).body as readonly ArchiveObject[];
}

test('idle claims of users are archived, read whole and drilled, two at a time', async () => {
  const { kube } = archives.world.cluster;
  let most = 0;
  await eventually(async () => {
    await archives.caller.ping();
    most = Math.max(most, (await kube.list('jobs', 'hub-functions/kind=archive-mover')).length);
    const seen = await all();
    const isProven = seen.length === 3 && seen.every(({ verifiedAt, drilledAt }) => verifiedAt && drilledAt);
    return isProven ? true : undefined;
  }, 120);
  expect((await all()).map(({ claim }) => claim).toSorted()).toEqual(['claim-ada', 'claim-bob', 'claim-cy']);
  expect(most).toBeLessThanOrEqual(2);
});

test('what is older than the policy keeps goes, when there is a newer one', async () => {
  const { backUp, caller } = archives;
  const newer = await backUp('claim-ada');
  const left = await eventually(async () => {
    await caller.ping();
    const present = (await all()).filter(({ claim }) => claim === 'claim-ada');
    return present.length === 1 && present[0]?.verifiedAt !== undefined ? present : undefined;
  }, 120);
  expect(left).toEqual([expect.objectContaining({ id: newer.id, phase: expect.any(String) as string })]);
});
