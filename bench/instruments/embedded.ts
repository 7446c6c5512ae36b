// The embedded cluster in a process of its own, as an API server would be: what it costs is not charged to the client.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { startEmbedded } from '../../dev/platform/embedded';

type Environment = Readonly<Record<string, string>>;

export interface EmbeddedCluster {
  /** How a function finds it. */
  readonly environment: Environment;
  readonly stop: () => Promise<void>;
}

/** First argument of the program when it is to be the cluster. */
export const EMBEDDED = 'embedded-cluster';

export async function forkEmbedded(program: string, stateDir: string): Promise<EmbeddedCluster> {
  const child = fork(program, [EMBEDDED, stateDir]);
  const ended = once(child, 'exit').then(() => Promise.reject(new Error('the embedded cluster ended at its start')));
  const [environment] = (await Promise.race([once(child, 'message'), ended])) as [Environment];
  return {
    environment,
    stop: async () => {
      child.disconnect();
      await ended.catch(() => undefined);
    },
  };
}

/** Serves until the other side lets go. */
export async function beEmbedded(stateDir: string): Promise<void> {
  const { environment, stop } = await startEmbedded(stateDir, { PATH: process.env['PATH'] ?? '' });
  const left = once(process, 'disconnect');
  process.send?.(environment);
  await left;
  await stop();
}
