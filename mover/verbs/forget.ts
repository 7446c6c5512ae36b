// forget: the policy decides which snapshots of a claim may go, never the last one, never a held one; then space is freed.
import * as z from 'zod';
import type { Context } from '../context';
import { readJson } from '../restic/restic';
import { forgetSnapshots, listSnapshots, type Snapshot } from '../restic/snapshots';
import type { Done } from '../result';
import { keepArguments, mayGo } from './retention';
import { prune } from './prune';

const removalSchema = z
  .array(z.object({ remove: z.array(z.object({ id: z.string() })).nullish() }))
  .transform((groups) => groups.flatMap(({ remove }) => (remove ?? []).map(({ id }) => id)));

export async function forget(context: Context): Promise<Done> {
  const { request, restic, progress } = context;
  progress.tell('forget');
  const before = await listSnapshots(restic, request.claim);
  const gone = before.length === 0 ? [] : mayGo(before, await planned(context), request.snapshot);
  await forgetSnapshots(restic, gone);
  // Also when nothing was to go: somebody may have been killed between the two.
  await prune(context);
  return summary(before, gone);
}

/** restic's own rules, asked and not yet followed. */
async function planned({ request, restic }: Context): Promise<readonly string[]> {
  const grouped = ['--group-by', 'host', '--host', request.claim];
  return removalSchema.parse(
    await readJson(restic, { args: ['forget', '--dry-run', '--json', ...grouped, ...keepArguments(request.keep)] }),
  );
}

function summary(before: readonly Snapshot[], gone: readonly Snapshot[]): Done {
  const message = `${gone.length} of ${before.length} snapshots are forgotten.`;
  return { files: 0, bytes: 0, added: 0, total: before.length - gone.length, message };
}
