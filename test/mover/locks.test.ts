// Locks: those of the dead do not stop anybody, those of the living do.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { eventually } from '../support/eventually';
import { createMoverWorld, type MoverWorld } from '../support/mover/mover';

let world: MoverWorld;

beforeEach(async () => {
  world = createMoverWorld();
  world.write('source/file', 'x'.repeat(1_000_000));
  await world.run({ verb: 'backup' });
});
afterEach(() => world.remove());

function locks(): readonly string[] {
  return world
    .restic(['list', 'locks', '--no-lock'])
    .split('\n')
    .filter((line) => line !== '');
}

/** A restic on a host of another name, as in another pod, that holds the repository; answers what ends it. */
async function holder(hostname: string): Promise<(signal: NodeJS.Signals) => Promise<void>> {
  const env = {
    PATH: process.env['PATH'] ?? '',
    RESTIC_REPOSITORY: world.repository,
    RESTIC_PASSWORD_FILE: world.at('keys/password'),
    RESTIC_CACHE_DIR: world.at('cache'),
  };
  const before = locks().length;
  const script = 'hostname "$1" && exec restic backup --stdin';
  const child = spawn('unshare', ['--uts', 'sh', '-c', script, 'sh', hostname], {
    env,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  const ended = once(child, 'exit');
  await eventually(async () => (locks().length > before ? true : undefined));
  return async (signal) => {
    child.kill(signal);
    await ended;
  };
}

it('a lock of a living mover is waited for, and then told', async () => {
  const end = await holder('pod-alive');
  const told = await world.run({ verb: 'forget', keep: { last: 1 } });
  expect(told).toMatchObject({ code: 1, result: { outcome: 'failed', reason: 'RepositoryLocked' } });
  expect(locks()).toHaveLength(1);

  const waiting = world.start({ verb: 'forget', keep: { last: 1 } }, { MOVER_LOCK_WAIT_SECONDS: '60' });
  await end('SIGINT');
  expect((await waiting.told).result).toMatchObject({ outcome: 'done' });
});

it('a lock of a pod that is known to be dead is removed, and only that', async () => {
  const [endDead, endAlive] = [await holder('pod-dead'), await holder('pod-alive')];
  await endDead('SIGKILL');
  expect(locks()).toHaveLength(2);

  const request = { verb: 'forget', keep: { last: 1 }, deadHolders: ['pod-dead'] };
  expect((await world.run(request)).result).toMatchObject({ outcome: 'failed', reason: 'RepositoryLocked' });
  expect(locks()).toHaveLength(1);
  await endAlive('SIGINT');
  expect((await world.run(request)).result).toMatchObject({ outcome: 'done' });
});

it('a lock of a dead pod that nobody knows of stops who needs the repository alone, and no backup', async () => {
  const end = await holder('pod-lost');
  await end('SIGKILL');
  expect((await world.run({ verb: 'verify' })).result).toMatchObject({ outcome: 'failed', reason: 'RepositoryLocked' });
  expect((await world.run({ verb: 'backup' })).result).toMatchObject({ outcome: 'done' });
  expect((await world.run({ verb: 'verify', deadHolders: ['pod-lost'] })).result).toMatchObject({ outcome: 'done' });
});

it('needs its own names of hosts', () => {
  expect(spawnSync('unshare', ['--uts', 'true']).status).toBe(0);
});
