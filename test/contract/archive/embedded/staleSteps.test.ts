// Somebody goes on with a restore that he saw before others finished it: what was handed to its user stays as it is.
import { apiOf, createArchives, type Archives } from '../../../support/archives';
import { embeddedOf, OWN_REQUESTS, type FaultRule } from '../../../support/embedded';
import { eventually } from '../../../support/eventually';
import type { Answer } from '../../../support/httpClient';
import { untilMoversEnded } from '../../../support/movers';
import { createSpawns, type Spawns } from '../../../support/spawns';
import { callerOf, UPDATED } from '../../../support/statusFunction';

jest.setTimeout(240_000);

/** Longer than a restore of one file takes. */
const LATE_MS = 12_000;
const START_MS = 1_500;
/** A sweep has read the anchors and the movers by then. */
const NEXT_LOOK: FaultRule['match'] = { verb: 'list', resource: 'persistentvolumeclaims' };

let archives: Archives;
let spawns: Spawns;

beforeAll(async () => {
  archives = await createArchives({});
  await archives.caller.ping();
  spawns = createSpawns(archives);
});

afterAll(async () => archives?.world.close());

const kube = (): Archives['world']['cluster']['kube'] => archives.world.cluster.kube;

/** A sweep that sees what is asked of an archive, but no mover of it yet, and goes on long after; its end is answered as a function. */
async function lateSweep(id: string, ask: () => Promise<unknown>): Promise<() => Promise<Answer>> {
  const { faults, requests } = embeddedOf(archives.world);
  const another = await archives.world.addFunction('archive', archives.environment);
  faults.inject({ match: { verb: 'create', resource: 'jobs' }, at: 1, effect: { delayMs: START_MS } });
  const asked = ask();
  await eventually(async () => ((await archives.get(id)).operation?.verb === 'restore' ? true : undefined), 30);
  const before = requests().length;
  faults.inject({ match: NEXT_LOOK, at: 1, effect: { delayMs: LATE_MS } });
  const late = callerOf(another, kube()).ping();
  await eventually(async () => (requests().slice(before).some(isLook) ? true : undefined), 30);
  await asked;
  return async () => late;
}

function isLook({ verb, resource }: { readonly verb: string; readonly resource: string }): boolean {
  return verb === NEXT_LOOK.verb && resource === NEXT_LOOK.resource;
}

const events = async () => (await kube().list('events')).map((event) => String(event['reason']));

test('a late step does not take a claim from a spawn that has been let go, nor tells it that it failed', async () => {
  const { archived, start, running, stop, claim } = spawns;
  const made = await archived('ada', 'echo one > /data/one');
  await archives.rested(await archives.ask(made, 'verify'));
  await start('ada', '1');
  const end = await lateSweep(made.id, archives.caller.ping);
  expect((await archives.rested(made)).last).toMatchObject({ verb: 'restore', outcome: 'done' });
  await running('ada');
  const filled = await claim('ada');

  expect((await end()).status).toBe(204);
  expect(await claim('ada')).toMatchObject({ metadata: { uid: filled?.metadata?.uid } });
  expect((await claim('ada'))?.metadata?.deletionTimestamp).toBeUndefined();
  expect(await events()).not.toContain('RestoreFailed');
  expect((await archives.get(made.id)).last).toMatchObject({ verb: 'restore', outcome: 'done' });
  await stop('ada');
  expect(await archives.claims.run('claim-ada', 'cat /data/one')).toBe('one\n');
});

test('a claim that was filled since it was seen is not asked to be filled once more', async () => {
  const { archived, start, held, running, stop, claim } = spawns;
  const made = await archived('dot', 'echo one > /data/one');
  await archives.rested(await archives.ask(made, 'verify'));
  await start('dot', '1');
  await held('dot');
  const another = await archives.world.addFunction('archive', archives.environment);
  const { faults, requests } = embeddedOf(archives.world);
  const before = requests().length;
  faults.inject({
    match: { ...OWN_REQUESTS, verb: 'list', resource: 'configmaps' },
    at: 1,
    effect: { delayMs: LATE_MS },
  });
  const seen = { apiVersion: 'v1', kind: 'PersistentVolumeClaim', ...(await claim('dot')) };
  const late = callerOf(another, kube()).send(UPDATED, seen);
  await eventually(async () => {
    const isLate = requests()
      .slice(before)
      .some(({ verb, resource, name }) => verb === 'list' && resource === 'configmaps' && OWN_REQUESTS.name.test(name));
    return isLate ? true : undefined;
  }, 30);
  await running('dot');
  const once = (await archives.rested(made)).last;

  expect((await late).status).toBe(204);
  expect((await archives.rested(made)).last).toEqual(once);
  expect(once).toMatchObject({ verb: 'restore', outcome: 'done' });
  await stop('dot');
});

test('a late step does not restore once more over what its user has made of it', async () => {
  const { backUp, ask, rested, claims } = archives;
  await claims.create('claim-bob');
  await claims.run('claim-bob', 'echo one > /data/one');
  const made = await rested(await backUp('claim-bob'));
  const end = await lateSweep(made.id, async () => ask(made, 'restore', { claim: 'claim-bob-new' }));
  expect((await rested(made)).last).toMatchObject({ verb: 'restore', outcome: 'done' });
  await claims.run('claim-bob-new', 'echo mine > /data/one');

  expect((await end()).status).toBe(204);
  expect(await kube().list('jobs', 'hub-functions/kind=archive-mover')).toHaveLength(0);
  expect(await claims.run('claim-bob-new', 'cat /data/one')).toBe('mine\n');
});

test('a claim stays that was handed over when the function was killed, though nobody can tell any more how its mover ended', async () => {
  const { backUp, rested, claims, environment, world } = archives;
  await claims.create('claim-cy');
  await claims.run('claim-cy', 'echo one > /data/one');
  const made = await rested(await backUp('claim-cy'));
  const instance = await world.addFunction('archive', environment);
  const crash = (): void => instance.kill('SIGKILL');
  await apiOf(instance).ask(made, 'restore', { claim: 'claim-cy-new' });
  await untilMoversEnded(kube());
  embeddedOf(world).faults.inject({
    match: { verb: 'patch', resource: 'persistentvolumeclaims' },
    at: 1,
    effect: { crash, after: true },
  });
  const unheard = await callerOf(instance, kube())
    .ping()
    .catch(() => undefined);
  expect(unheard).toBeUndefined();
  expect((await kube().get('persistentvolumeclaims', 'claim-cy-new'))?.metadata?.labels).toMatchObject({
    'hub-functions/ready': 'true',
  });
  for (const { metadata } of await kube().list('pods', 'hub-functions/kind=archive-mover')) {
    await kube().remove('pods', metadata?.name ?? '');
  }

  expect((await rested(made)).last).toMatchObject({ verb: 'restore', outcome: 'done', claim: 'claim-cy-new' });
  expect(await claims.run('claim-cy-new', 'cat /data/one')).toBe('one\n');
});
