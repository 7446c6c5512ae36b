// drill: the snapshot is restored into a scratch claim, and every file of it is compared with a second reading of the repository.
import type { Context } from '../context';
import { Failure, failureOf } from '../failure';
import { readSpecials } from '../restic/nodes';
import { sourceOf } from '../restic/snapshots';
import { compareArchive, type Compared } from '../target/compare';
import { restore, type Restored } from './restore';

/** The two readings share nothing but the repository: one is written to files, the other comes as an archive. */
export async function drill(context: Context): Promise<Restored> {
  const { request, restic, places, progress } = context;
  const { path: _, ...whole } = request;
  const restored = await restore({ ...context, request: whole });
  const { snapshot, done } = restored;
  const source = sourceOf(snapshot);
  const specials = await readSpecials(restic, snapshot.id);
  const { stdout, ended, end } = restic.open({ args: ['dump', '--archive', 'tar', snapshot.id, source] });
  const comparing = compareArchive(stdout, {
    target: places.target,
    prefix: source,
    specials,
    share: request.drillSample,
    tell: (files, bytes) => progress.tell('compare', { files, bytes, totalFiles: done.files, totalBytes: done.bytes }),
  });
  const compared = await comparing.catch((error: unknown) => {
    end();
    return error instanceof Error ? error : new Error(String(error));
  });
  const { code, said } = await ended;
  if (context.signal.aborted) throw new Failure('Interrupted', 'The mover was told to end: repeat this.');
  if (code !== 0) throw failureOf(said);
  if (compared instanceof Error) throw new Failure('Unknown', `The archive could not be read: ${compared.message}`);
  judge(compared, done.files);
  return { ...restored, done: { ...done, message: messageOf(compared) } };
}

function judge({ entries, different, example, files }: Compared, restoredFiles: number): void {
  const remedy = 'do not trust this snapshot; verify the repository, and back up the claim anew.';
  if (different > 0) {
    throw new Failure(
      'DigestMismatch',
      `${different} of ${entries} entries differ, the first is ${example ?? ''}: ${remedy}`,
    );
  }
  if (files !== restoredFiles) {
    throw new Failure(
      'DigestMismatch',
      `${restoredFiles} files were restored where the snapshot holds ${files}: ${remedy}`,
    );
  }
}

function messageOf({ files, digests, entries }: Compared): string {
  return `${entries} entries compared, of ${digests} files every byte; ${files} entries are no folders.`;
}
