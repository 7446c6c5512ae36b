// verify: every byte of the repository is read, decrypted and compared with its digest, and the snapshot is still the one that was made.
import type { Context } from '../context';
import { Failure, failureOf } from '../failure';
import { compareTree, countIn, findSnapshot } from '../restic/snapshots';
import type { Done } from '../result';

/** `[0:03] 42.86%  6 / 14 packs` */
const PACKS = /(\d+) \/ (\d+) packs/;

export async function verify({ request, restic, progress }: Context): Promise<Done> {
  const snapshot = await findSnapshot(restic, request.claim, request.snapshot);
  compareTree(snapshot, request.treeDigest);
  progress.tell('verify');
  const { code, said } = await restic.run({
    args: ['check', '--read-data'],
    onLine: (line) => {
      const [, done, total] = PACKS.exec(line) ?? [];
      if (done !== undefined) progress.tell('verify', { files: Number(done), totalFiles: Number(total) });
    },
  });
  if (code !== 0) throw damageOf(said);
  return {
    snapshot: snapshot.id,
    files: countIn(snapshot, 'files') ?? 0,
    bytes: countIn(snapshot, 'bytes') ?? 0,
    added: 0,
    treeDigest: snapshot.tree,
  };
}

/** What a check ends with and nothing explains is damage, too. */
function damageOf(said: string): Failure {
  const failure = failureOf(said);
  return failure.reason === 'Unknown' ? new Failure('RepositoryDamaged', failure.message) : failure;
}
