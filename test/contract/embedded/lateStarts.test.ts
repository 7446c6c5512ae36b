// A start that was held up until its caller had left, or had started again: nobody would ever poll or stop what it makes.
import { execFileSync } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { embeddedOf, type FaultRule } from '../../support/embedded';
import { eventually, untilEmpty } from '../../support/eventually';
import type { Answer } from '../../support/httpClient';
import { mainDeployment, yaml } from '../../support/manifests';
import { createWorld, type World } from '../../support/world';
import { outpostHubOf, type OutpostHub } from '../outpost/outpostHub';

const LEAVES_AFTER_MS = 300;
/** The anchor of the first start, while everybody else's are made at once. */
const HELD_UP: FaultRule = { match: { verb: 'create', resource: 'configmaps' }, at: 1, effect: { delayMs: 1_500 } };

const SLEEPER = { service: 'sleeper' };
const GIVEN_UP = /request refused.*(client_gone|start_overtaken)/g;

let world: World;
let outpost: OutpostHub;

beforeAll(async () => {
  world = await createWorld({ config: { outpost: { start_wait_seconds: 0 } } });
  outpost = outpostHubOf(world.hub);
});

beforeEach(() => {
  embeddedOf(world).faults.inject(HELD_UP);
});

afterEach(() => {
  embeddedOf(world).faults.clear();
});

afterAll(async () => {
  await world?.close();
});

/** Begins a start, and waits until it is held up. */
async function heldUp(begin: () => Promise<Answer>): Promise<() => Promise<Answer>> {
  const { requests } = embeddedOf(world);
  const before = requests().length;
  const answer = begin();
  await eventually(async () =>
    requests()
      .slice(before)
      .find(({ verb }) => verb === 'create'),
  );
  return async () => answer;
}

/** Runs `work`, and waits until a start has ended that nobody waits for. */
async function untilGivenUp(work: () => Promise<void>): Promise<void> {
  const before = givenUp();
  await work();
  await eventually(async () => (givenUp() > before ? true : undefined));
}

function givenUp(): number {
  return [...world.services.output().matchAll(GIVEN_UP)].length;
}

async function deployments(): Promise<readonly string[]> {
  return (await world.cluster.kube.list('deployments')).map(({ metadata }) => metadata?.name ?? '');
}

describe('a start whose caller has left before its record exists', () => {
  it('leaves nothing, as the one DELETE of its hub came too early', async () => {
    await untilGivenUp(async () => {
      await expect(world.hub.start('early', { timeoutMs: LEAVES_AFTER_MS })).rejects.toThrow('aborted');
      expect((await world.hub.stop('early')).status).toBe(404);
    });

    await untilEmpty(world.cluster.kube);
  });

  it('leaves nothing when the answer to its creation was lost, too', async () => {
    embeddedOf(world).faults.inject({ ...HELD_UP, effect: { reset: true, after: true } });
    await untilGivenUp(async () =>
      expect(world.hub.start('lost', { timeoutMs: LEAVES_AFTER_MS })).rejects.toThrow('aborted'),
    );

    await untilEmpty(world.cluster.kube);
  });

  it('makes none when its description was slow to be read', async () => {
    const folder = world.workspace.describe('slow', {});
    execFileSync('mkfifo', [join(folder, 'service.yaml')]);
    await untilGivenUp(async () => {
      await expect(world.hub.start('mount', { service: 'slow', timeoutMs: LEAVES_AFTER_MS })).rejects.toThrow(
        'aborted',
      );
      await writeFile(join(folder, 'service.yaml'), yaml(mainDeployment()));
    });

    await untilEmpty(world.cluster.kube);
  });

  it('leaves the next start of its name alone', async () => {
    await untilGivenUp(async () => {
      await expect(world.hub.start('again', { startId: '1', timeoutMs: LEAVES_AFTER_MS })).rejects.toThrow('aborted');
      expect((await world.hub.start('again', { startId: '2' })).status).toBe(201);
    });

    expect(await world.hub.untilRunning('again')).toMatchObject({ start_id: '2' });
    expect(await deployments()).toEqual(['deployment-main-again-2']);
    expect((await world.hub.stop('again')).status).toBe(204);
    await untilEmpty(world.cluster.kube);
  });

  it('leaves the next start of its server alone, which has another name', async () => {
    await untilGivenUp(async () => {
      await expect(
        outpost.start('lab', { startId: 'a', options: SLEEPER, timeoutMs: LEAVES_AFTER_MS }),
      ).rejects.toThrow('aborted');
      expect((await outpost.start('lab', { startId: 'b', options: SLEEPER })).status).toBe(200);
    });

    expect((await outpost.poll('lab', 'b')).status).toBe(200);
    expect((await outpost.poll('lab', 'a')).status).toBe(404);
    expect((await outpost.stop('lab', 'b')).status).toBe(200);
    await untilEmpty(world.cluster.kube);
  });
});

describe('a start that is overtaken by a later one', () => {
  it('of its name: is a 409, and the later one stays', async () => {
    const late = await heldUp(async () => world.hub.start('overtaken', { startId: '1' }));
    expect((await world.hub.start('overtaken', { startId: '2' })).status).toBe(201);

    expect(await late()).toMatchObject({ status: 409, body: { error: 'Could not start service' } });
    expect(await world.hub.untilRunning('overtaken')).toMatchObject({ start_id: '2' });
    expect((await world.hub.stop('overtaken')).status).toBe(204);
    await untilEmpty(world.cluster.kube);
  });

  it('of its server: is a 409, and takes back its own', async () => {
    const late = await heldUp(async () => outpost.start('lab', { startId: 'a', options: SLEEPER }));
    expect((await outpost.start('lab', { startId: 'b', options: SLEEPER })).status).toBe(200);

    expect((await late()).status).toBe(409);
    expect((await outpost.poll('lab', 'a')).status).toBe(404);
    expect((await outpost.poll('lab', 'b')).status).toBe(200);
    expect((await outpost.stop('lab', 'b')).status).toBe(200);
    await untilEmpty(world.cluster.kube);
  });
});
