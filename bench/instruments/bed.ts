// What measurements stand on: an API server, the function warm beside it, and a second one whose API requests are on record.
import { join } from 'node:path';
import { openApiServer, type ApiServer } from './apiServer';
import { openClient, type Client } from './client';
import { openHub, type Hub } from './hub';
import { startRecorder, type Recorder } from './recorder';
import { startServer, type Program, type Server } from './server';
import { createWorkspace, type Workspace } from './workspace';

export interface BedOptions {
  /** The cluster of KUBECONFIG instead of the embedded one. */
  readonly isReal: boolean;
  /** Of the amounts that some measurements are defined for, 1 is all. */
  readonly share: number;
  readonly program: string;
  /** The built services function, and the options of node that it is started with. */
  readonly bundle: string;
  readonly nodeOptions: readonly string[];
}

export interface HubOptions {
  readonly login?: keyof Workspace['logins'];
  /** Of the function whose API requests are on record. */
  readonly isRecorded?: boolean;
}

export interface Bed {
  readonly api: ApiServer;
  readonly logins: Workspace['logins'];
  readonly share: number;
  /** Goes with the run. */
  readonly folder: string;
  /** What every function is told: its files, its namespace, where it listens. */
  readonly environment: Readonly<Record<string, string>>;
  /** One more client of the warm function, with its own connection; closed with the bed. */
  readonly hub: (options?: HubOptions) => Hub;
  /** One more connection to the API server; closed with the bed. */
  readonly raw: () => Client;
  readonly recorder: Recorder;
  /** Starts one more process of the function, or of a peer, with the same files and the same cluster. */
  readonly launch: (program: Partial<Program> & Pick<Program, 'path'>) => Promise<Server>;
  readonly close: () => Promise<void>;
}

export const READINESS = '/health/readiness';

type End = () => Promise<void> | void;

export async function openBed(options: BedOptions): Promise<Bed> {
  const ends: End[] = [];
  const close = async (): Promise<void> => {
    for (const end of ends.splice(0).toReversed()) await end();
  };
  try {
    return { ...(await furnish(options, ends)), close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function furnish(options: BedOptions, ends: End[]): Promise<Omit<Bed, 'close'>> {
  const { isReal, share, program, bundle, nodeOptions } = options;
  const { folder, environment, logins, remove } = await createWorkspace();
  ends.push(remove);
  const api = await openApiServer({ isReal, program, folder });
  ends.push(api.close);
  const common = { ...environment, DEPLOYMENT_NAMESPACE: api.namespace, LISTEN_HOST: '127.0.0.1' };
  const launch: Bed['launch'] = async (own) => {
    const toCluster = own.environment ?? { ...common, ...api.environment };
    return startServer({
      args: [...nodeOptions, bundle],
      logFile: join(folder, 'log'),
      ...own,
      environment: toCluster,
    });
  };
  const raw: Bed['raw'] = () => {
    const opened = openClient(api.endpoint);
    ends.push(opened.close);
    return opened;
  };
  const recorder = await startRecorder(api.endpoint);
  ends.push(recorder.close);
  const warm = await launch({ path: READINESS, logFile: join(folder, 'warm.log') });
  ends.push(warm.stop);
  const behindRecorder = { ...common, KUBE_API_URL: recorder.url };
  const recorded = await launch({
    path: READINESS,
    logFile: join(folder, 'recorded.log'),
    environment: behindRecorder,
  });
  ends.push(recorded.stop);
  const hub: Bed['hub'] = ({ login = 'basic', isRecorded = false } = {}) => {
    const opened = openHub(isRecorded ? recorded.url : warm.url, logins[login]);
    ends.push(opened.close);
    return opened;
  };
  return { api, logins, share, folder, environment: common, hub, raw, recorder, launch };
}
