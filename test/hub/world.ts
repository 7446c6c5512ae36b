// Everything that a user's server needs around it: the platform, the proxy and the hub, and a look at what is there.
import { hubOf, type Hub } from './hub';
import { hubApiUrl, startHubPrograms, type HubOptions } from './hubPrograms';
import { openBench, type Bench } from './bench';
import { findPlatform } from './platforms/platform';
import { freePorts } from './ports';
import { processesWith } from './processes';
import { provideVenv } from './venv';

export interface World {
  readonly hub: Hub;
  /** Of its API, through the proxy. */
  readonly hubApi: string;
  /** The log of the hub. */
  readonly hubLog: () => string;
  /** Processes of a user's servers. */
  readonly processesOf: (user: string) => readonly number[];
  /** Everything in the cluster, `Secret/name`, but for the records of ended services. */
  readonly contents: () => Promise<readonly string[]>;
  readonly watch: Bench['watch'];
  readonly close: () => Promise<void>;
}

export interface WorldOptions extends HubOptions {
  /** Merged into config.json. */
  readonly settings?: object;
}

export async function createWorld(options: WorldOptions = {}): Promise<World> {
  const bench = openBench(await provideVenv());
  try {
    return await bench.watch(async () => furnish(bench, options));
  } catch (error) {
    await bench.close();
    throw error;
  }
}

async function furnish(bench: Bench, { settings, ...options }: WorldOptions): Promise<World> {
  const { startPlatform, ...place } = await findPlatform();
  const [port = 0, apiPort = 0, hubPort = 0] = await freePorts(3);
  const hubs = { jupyterhub: [hubApiUrl({ ...place, hubPort })] };
  const platform = await startPlatform(bench, { settings: { hubs, ...settings } });
  const programs = startHubPrograms(bench, { ...place, platform, ports: { port, apiPort, hubPort } }, options);
  const hub = hubOf(programs);
  await programs.hub.until(async () => hub.api('GET', '/'), 60);
  return {
    hub,
    hubApi: `${programs.url}/hub/api`,
    hubLog: programs.hub.output,
    processesOf: (user) => processesWith({ JUPYTERHUB_USER: user, JUPYTERHUB_API_URL: programs.apiUrl }),
    contents: platform.contents,
    watch: bench.watch,
    close: async () => {
      await bench.close();
      await platform.close();
    },
  };
}
