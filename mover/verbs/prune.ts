// Frees what no snapshot needs any more; where there is no space to pack anew, only what can be removed whole.
import type { Context } from '../context';
import { failureOf } from '../failure';
import { mustRun } from '../restic/restic';

export async function prune({ restic, progress }: Context): Promise<void> {
  progress.tell('prune');
  const { code, said } = await restic.run({ args: ['prune', '--quiet'] });
  if (code === 0) return;
  const failure = failureOf(said);
  if (failure.reason !== 'RepositoryFull') throw failure;
  await mustRun(restic, { args: ['prune', '--quiet', '--max-repack-size', '0'] });
}
