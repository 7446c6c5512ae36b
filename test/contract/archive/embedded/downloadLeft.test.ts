// Whoever asked for a download leaves while the function waits for an answer of the API server: nothing goes on for nobody.
import { createArchives, type Archives } from '../../../support/archives';
import { embeddedOf, OWN_REQUESTS } from '../../../support/embedded';
import { untilMoversEnded } from '../../../support/movers';

jest.setTimeout(180_000);

/** Until the mover is there: what comes then is asked again and again. */
const REQUESTS = 8;
const LEAVES_AFTER_MS = 300;
const ANSWER_AFTER_MS = 600;

let archives: Archives;

beforeAll(async () => {
  archives = await createArchives({});
  await archives.claims.create('claim-ada');
  await archives.claims.run('claim-ada', 'echo one > /data/one');
});

afterAll(async () => archives?.world.close());

test('a download that is left at any request leaves its archive free', async () => {
  const { send, rested, backUp, world } = archives;
  const made = await rested(await backUp('claim-ada'));
  const { faults } = embeddedOf(world);
  for (let at = 1; at <= REQUESTS; at += 1) {
    const remove = faults.inject({ match: OWN_REQUESTS, at, effect: { delayMs: ANSWER_AFTER_MS } });
    const left = send('GET', `/archives/${made.id}/download`, { timeoutMs: LEAVES_AFTER_MS });
    await expect(left).rejects.toThrow('aborted');
    remove();
    expect(await rested(made)).toMatchObject({ phase: 'kept' });
    await untilMoversEnded(world.cluster.kube);
  }
  expect((await send('GET', `/archives/${made.id}/download?path=/one`)).text).toBe('one\n');
});
