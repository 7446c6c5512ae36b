// One run of `npm start`: everything started in order, shown, and ended in the opposite order whatever happens.
import { randomBytes } from 'node:crypto';
import { runDemo } from './demo';
import { startEmbedded } from './platform/embedded';
import { useContext } from './platform/namedContext';
import type { Options } from './platform/options';
import { startPlatform } from './platform/platform';
import { openStateFolder, type StateFolder } from './platform/stateFolder';
import { createProgress } from './progress';
import { createWalkthrough, toCurl, type Walkthrough } from './walkthrough';
import type { PlatformCluster } from './platform/cluster';

export interface Surroundings {
  /** The checkout. */
  readonly root: string;
  readonly stateFolder: string;
  readonly podEnvironment: Readonly<Record<string, string>>;
  readonly functionEnvironment: Readonly<Record<string, string>>;
  /** Aborts when the user wants the end. */
  readonly signal: AbortSignal;
  readonly write: (text: string) => void;
  readonly isTerminal: boolean;
}

type End = () => Promise<void> | void;

export async function runSession(options: Options, surroundings: Surroundings): Promise<void> {
  const ends: End[] = [];
  try {
    await run(options, surroundings, ends);
  } finally {
    for (const end of ends.toReversed()) await end();
  }
}

async function run(options: Options, surroundings: Surroundings, ends: End[]): Promise<void> {
  const { write, isTerminal, signal } = surroundings;
  const progress = createProgress({ write, isTerminal });
  const state = openStateFolder(surroundings.stateFolder, options.keep);
  ends.push(state.release);
  const cluster = await progress(clusterTitle(options), () => openCluster(options, state, surroundings));
  ends.push(cluster.stop);
  const platform = await startPlatform({
    ...options,
    cluster,
    state,
    root: surroundings.root,
    environment: surroundings.functionEnvironment,
    report: options.demo ? () => undefined : (message) => write(`  ${message}\n`),
  });
  ends.push(platform.stop);

  const base = `http://127.0.0.1:${platform.port}`;
  const { namespace } = cluster;
  const startId = randomBytes(4).toString('hex');
  const walkthrough = createWalkthrough({ base, password: state.password, namespace, startId });
  if (options.demo) {
    const shown = { walkthrough, progress, write, hasPages: cluster.isOwn };
    await withTimeLimit(options.timeLimitSeconds, signal, (ending) => runDemo({ ...shown, signal: ending }));
  } else {
    write(describe(base, walkthrough, cluster));
    await aborted(signal);
    write('ending\n');
  }
}

function clusterTitle({ context }: Options): string {
  return context === undefined ? 'start the embedded cluster' : `reach the cluster ${context}`;
}

function openCluster(options: Options, state: StateFolder, { podEnvironment }: Surroundings): Promise<PlatformCluster> {
  return options.context === undefined ? startEmbedded(state.cluster, podEnvironment) : useContext(options.context);
}

function describe(base: string, walkthrough: Walkthrough, { kubectl, isOwn }: PlatformCluster): string {
  const { start, poll, page, pageService, stop, submit, log } = walkthrough;
  const lines = [
    ['start a service', toCurl(start)],
    ['poll it, until its phase is running', toCurl(poll)],
    isOwn
      ? ['open its page, here or in a browser', toCurl(page)]
      : ['then its page is at http://127.0.0.1:8888/', `${kubectl} port-forward service/${pageService} 8888:8080`],
    ['stop it', toCurl(stop)],
    ['run a command as a job', toCurl(submit)],
    ['follow its log', toCurl(log)],
    ['look at what runs', `${kubectl} get pods`],
  ];
  return `
hub-functions listens on ${base}, for this machine only and for trying. Paste into another terminal:

${lines.map(([title, line]) => `# ${title}\n${line}\n`).join('')}
Ctrl-C ends everything.

`;
}

async function withTimeLimit(
  seconds: number,
  signal: AbortSignal,
  work: (signal: AbortSignal) => Promise<void>,
): Promise<void> {
  const limit = AbortSignal.timeout(seconds * 1_000);
  try {
    await work(AbortSignal.any([signal, limit]));
  } catch (error) {
    if (signal.aborted) throw new Error('interrupted', { cause: error });
    if (!limit.aborted) throw error;
    const last = error instanceof Error ? error.message : String(error);
    throw new Error(`not done after ${seconds} s (${last}); the functions' own words are in .hub-functions/log`, {
      cause: error,
    });
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => resolve());
  });
}
