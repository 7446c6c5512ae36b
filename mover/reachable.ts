// Whether an S3 server answers at all: restic itself would try for a quarter of an hour before it says no.
import { setTimeout as sleep } from 'node:timers/promises';
import { Failure } from './failure';

const TRIES = 3;
const PAUSE_MS = 2_000;
const LIMIT_MS = 10_000;

/** Any answer will do, a refusal as well. Folders are always there. */
export async function mustBeReachable(repository: string): Promise<void> {
  const [, origin] = /^s3:(https?:\/\/[^/]+)/.exec(repository) ?? [];
  if (origin === undefined) return;
  let cause: unknown;
  for (let attempt = 0; attempt < TRIES; attempt += 1) {
    if (attempt > 0) await sleep(PAUSE_MS);
    try {
      await fetch(origin, { method: 'HEAD', redirect: 'manual', signal: AbortSignal.timeout(LIMIT_MS) });
      return;
    } catch (error) {
      cause = error instanceof Error ? (error.cause ?? error) : error;
    }
  }
  const why = cause instanceof Error ? cause.message : String(cause);
  throw new Failure(
    'RepositoryUnreachable',
    `The S3 server does not answer (${why}): check its address and the network; then repeat this.`,
  );
}
