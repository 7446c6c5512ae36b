// An archive function that is killed at one of its API requests, and the sweeps of another that finish what it began.
import { embeddedOf, OWN_REQUESTS } from './embedded';
import { eventually } from './eventually';
import { apiOf, createArchives, type ArchiveObject, type Archives } from './archives';
import type { FunctionProcess } from './functionProcess';
import { untilMoversEnded } from './movers';
import { callerOf } from './statusFunction';

export const MOST_REQUESTS = 60;

export interface Killing {
  readonly archives: Archives;
  /** Runs `work` on an instance that is killed before or after its nth request takes effect; false when it made fewer. */
  readonly killedAt: (at: number, work: (instance: FunctionProcess) => Promise<unknown>) => Promise<boolean>;
  /** Asks, and goes on by sweeps of the same instance, each when movers have ended, until nothing is being done or it is killed. */
  readonly toItsEnd: (instance: FunctionProcess, ask: () => Promise<{ readonly id: string }>) => Promise<void>;
  /** By sweeps alone: no event is ever told. */
  readonly swept: (id: string) => Promise<ArchiveObject>;
  /** No mover, no claim half full, no password of a download is left. */
  readonly untilIdle: () => Promise<void>;
}

/** More than any of these tests makes of one claim: the policy would remove them in between, each with a mover. */
const KEEP_ALL = { last: 1_000 };

/** With one claim, `claim-ada`. */
export async function createKilling(): Promise<Killing> {
  const archives = await createArchives({ grace_days: 1, keep: KEEP_ALL });
  await archives.caller.ping();
  await archives.claims.create('claim-ada');
  await archives.claims.run('claim-ada', 'echo one > /data/one');
  const { kube } = archives.world.cluster;
  return {
    archives,
    killedAt: async (at, work) => {
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
    },
    toItsEnd: async (instance, ask) => {
      const { send } = apiOf(instance);
      const { ping } = callerOf(instance, kube);
      const { id } = await ask();
      for (let isBusy = true; isBusy;) {
        await untilMoversEnded(kube);
        await ping();
        const { body } = await send('GET', `/archives/${id}`);
        isBusy = (body as ArchiveObject).operation !== undefined;
      }
    },
    swept: async (id) =>
      eventually(async () => {
        await untilMoversEnded(kube);
        await archives.caller.ping();
        const archive = await archives.get(id);
        return archive.operation === undefined ? archive : undefined;
      }, 60),
    untilIdle: async () =>
      void (await eventually(async () => {
        await archives.caller.ping();
        const [jobs, targets, tokens] = await Promise.all([
          kube.list('jobs', 'hub-functions/kind=archive-mover'),
          kube.list('persistentvolumeclaims', 'hub-functions/kind=archive-target,hub-functions/ready=false'),
          kube.list('secrets', 'hub-functions/kind=archive-download'),
        ]);
        if (jobs.length + targets.length + tokens.length === 0) return true;
        throw new Error(`still there: ${JSON.stringify([jobs, targets, tokens])}`);
      }, 60)),
  };
}
