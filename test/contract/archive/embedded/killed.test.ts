// The function is killed at each of its API requests, and movers in the middle of their work: sweeps finish everything, and leave nothing.
import { setTimeout as sleep } from 'node:timers/promises';
import { embeddedOf, OWN_REQUESTS } from '../../../support/embedded';
import { eventually } from '../../../support/eventually';
import { apiOf, createArchives, type ArchiveObject, type Archives } from '../../../support/archives';
import type { FunctionProcess } from '../../../support/functionProcess';
import { callerOf } from '../../../support/statusFunction';

jest.setTimeout(600_000);

const MOST_REQUESTS = 60;
const PAUSE_MS = 100;

let archives: Archives;
const kube = (): Archives['world']['cluster']['kube'] => archives.world.cluster.kube;

beforeAll(async () => {
  archives = await createArchives({ grace_days: 1 });
  await archives.caller.ping();
  await archives.claims.create('claim-ada');
  await archives.claims.run('claim-ada', 'echo one > /data/one');
});

afterEach(() => embeddedOf(archives.world).faults.clear());

afterAll(async () => archives?.world.close());

/** Runs `work` on an instance that is killed before or after its nth request takes effect; false when it made fewer. */
async function killedAt(at: number, work: (instance: FunctionProcess) => Promise<unknown>): Promise<boolean> {
  const instance = await archives.world.addFunction('archive', archives.environment);
  let isKilled = false;
  const crash = (): void => {
    isKilled = true;
    instance.kill('SIGKILL');
  };
  const effect = { crash, after: at % 2 === 0 };
  const remove = embeddedOf(archives.world).faults.inject({ match: OWN_REQUESTS, at, effect });
  await work(instance).catch((error: unknown) => {
    if (!isKilled) throw error;
  });
  remove();
  await instance.stop();
  return isKilled;
}

/** Asks, and goes on by sweeps of the same instance until nothing is being done any more, or it is killed. */
async function toItsEnd(instance: FunctionProcess, ask: () => Promise<{ readonly id: string }>): Promise<void> {
  const { send } = apiOf(instance);
  const { ping } = callerOf(instance, kube());
  const { id } = await ask();
  for (let isBusy = true; isBusy;) {
    await ping();
    const { body } = await send('GET', `/archives/${id}`);
    isBusy = (body as ArchiveObject).operation !== undefined;
    await sleep(PAUSE_MS);
  }
}

/** By sweeps alone: no event is ever told. */
async function swept(id: string): Promise<ArchiveObject> {
  return eventually(async () => {
    await archives.caller.ping();
    const archive = await archives.get(id);
    return archive.operation === undefined ? archive : undefined;
  }, 60);
}

async function untilIdle(): Promise<void> {
  await eventually(async () => {
    await archives.caller.ping();
    const [jobs, targets, tokens] = await Promise.all([
      kube().list('jobs', 'hub-functions/kind=archive-mover'),
      kube().list('persistentvolumeclaims', 'hub-functions/kind=archive-target,hub-functions/ready=false'),
      kube().list('secrets', 'hub-functions/kind=archive-download'),
    ]);
    if (jobs.length + targets.length + tokens.length === 0) return true;
    throw new Error(`still there: ${JSON.stringify([jobs, targets, tokens])}`);
  }, 60);
}

test('a backup that was killed at any request is finished, once', async () => {
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

test('a restore that was killed at any request leaves a claim that is whole, or none', async () => {
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

    expect((await kube().get('persistentvolumeclaims', claim))?.metadata?.labels).toMatchObject({
      'hub-functions/ready': 'true',
    });
    await untilIdle();
  }
  expect(kills).toBeGreaterThanOrEqual(10);
});

/** Each third one, before and after it in turn: a claim has to be archived and verified anew for each of more than forty. */
test('a release and its way back that were killed at requests all along lose no file', async () => {
  let [kills, isMore] = [0, true];
  for (let at = 2; at <= MOST_REQUESTS && isMore; at += 3) {
    const name = `claim-user${at}`;
    await archives.claims.create(name);
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

test('a mover that is killed is started again, and one that never gets to its end is told', async () => {
  await archives.claims.create('claim-big');
  await archives.claims.run('claim-big', 'head -c 200000000 /dev/urandom > /data/big');
  const asked = await archives.backUp('claim-big');
  await killMovers(1);
  expect(await swept(asked.id)).toMatchObject({ phase: 'kept', last: { outcome: 'done' } });

  await archives.claims.run('claim-big', 'head -c 200000000 /dev/urandom > /data/big2');
  const again = await archives.backUp('claim-big');
  await killMovers(3);
  expect(await swept(again.id)).toMatchObject({ phase: 'failed', last: { outcome: 'failed', reason: 'Interrupted' } });
  expect(await swept((await archives.ask(await archives.get(asked.id), 'verify')).id)).toMatchObject({
    last: { verb: 'verify', outcome: 'done' },
  });
});

/** As many of them as there are told, each as soon as it runs. */
async function killMovers(times: number): Promise<void> {
  const killed = new Set<string>();
  await eventually(async () => {
    for (const { status } of await kube().list('pods', 'hub-functions/kind=archive-mover')) {
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
