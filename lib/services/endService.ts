// Removes everything a service has and keeps how it ended; a kill at any point loses neither.
import type { Call } from '../kube/kube';
import { endedManifest, endingManifest, toAnchor, type Anchor } from './anchor';
import type { Ending } from './ending';
import { createUnlessTaken, removeAnchor } from './anchors';
import type { ServiceContext } from './context';

/** The record is written down beside the anchor first, and takes the anchor's name when that is free. */
export async function endService(
  context: ServiceContext,
  { anchor, ending }: { readonly anchor: Anchor; readonly ending: Ending },
  call: Call,
): Promise<void> {
  const manifest = endingManifest({ ...anchor, ending }, context.settings.namespace);
  const created = await createUnlessTaken(context, manifest, call);
  const isRemoved = await removeAnchor(context, anchor, call);
  // Taken: another poll came to the same end, and it or the next poll goes on from here.
  if (created === undefined) return;
  const record = toAnchor(created);
  // Gone already: stopped, so that nothing may stay, or somebody else has kept a record by now.
  if (isRemoved) await keepRecord(context, { record, ending }, call);
  else await removeAnchor(context, record, call);
}

/** Under the anchor's name, where a repeat of the start meets it: what has ended is not started again. */
export async function keepRecord(
  context: ServiceContext,
  { record, ending }: { readonly record: Anchor; readonly ending: Ending },
  call: Call,
): Promise<void> {
  await createUnlessTaken(context, endedManifest({ ...record, ending }, context.settings.namespace), call);
  await removeAnchor(context, record, call);
}
