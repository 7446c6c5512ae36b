// Whether an S3 server answers at all: restic itself would try for a quarter of an hour before it says no.
import { setTimeout as sleep } from 'node:timers/promises';
import { Failure } from './failure';

const TRIES = 3;
const PAUSE_MS = 2_000;
const LIMIT_MS = 10_000;

/** Undefined for a folder, which is always there. */
export function serverOf(repository: string): string | undefined {
  return /^s3:(https?:\/\/[^/]+)/.exec(repository)?.[1];
}

export async function mustBeReachable(repository: string): Promise<void> {
  const server = serverOf(repository);
  if (server === undefined) return;
  let silence: string | undefined;
  for (let attempt = 0; attempt < TRIES; attempt += 1) {
    if (attempt > 0) await sleep(PAUSE_MS);
    silence = await silenceOf(server);
    if (silence === undefined) return;
  }
  throw new Failure(
    'RepositoryUnreachable',
    `The S3 server does not answer (${silence}): check its address and the network; then repeat this.`,
  );
}

/** Why there is no answer; undefined when there is one, a refusal as well. */
export async function silenceOf(server: string): Promise<string | undefined> {
  try {
    await fetch(server, { method: 'HEAD', redirect: 'manual', signal: AbortSignal.timeout(LIMIT_MS) });
    return undefined;
  } catch (error) {
    const cause = error instanceof Error ? (error.cause ?? error) : error;
    return cause instanceof Error ? cause.message : String(cause);
  }
}
