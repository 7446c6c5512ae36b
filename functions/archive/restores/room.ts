// How many claims users may have restored for themselves: they are for a look at what was, and nobody removes them by itself.
import { AppError } from '../../../lib/errors';
import type { Call } from '../../../lib/kube/kube';
import type { KubeObject } from '../../../lib/kube/objects';
import { LABELS } from '../../../lib/labels';
import { asksToBeFilled, TARGET_KIND } from '../../../lib/restoring';
import type { Archive } from '../archive';
import type { Context } from '../context';
import { ofUser, selectorOf } from '../names';

const PAGE = 500;

/** What descriptions have filled is not counted, nor what is on its way out; nor what is being restored: that is one claim of an archive at most. */
export async function mustHaveRoom(
  { kube, settings }: Context,
  { record, operation }: Archive,
  call: Call,
): Promise<void> {
  // The same wish again, or one that is refused as busy.
  if (operation !== undefined) return;
  const labelSelector = selectorOf(TARGET_KIND, { ...ofUser(record.user), [LABELS.ready]: 'true' });
  const { namespace } = settings;
  const selection = { apiVersion: 'v1', kind: 'PersistentVolumeClaim', namespace, labelSelector, limit: PAGE };
  const { items } = await kube.list<KubeObject>({ ...selection, metadataOnly: true }, call);
  const stay = items.filter((claim) => !asksToBeFilled(claim) && claim.metadata?.deletionTimestamp === undefined);
  const names = stay.map(({ metadata }) => metadata?.name);
  if (names.length < settings.archive.restores_per_user) return;
  const detail = `There are ${names.length} claims restored for you: ${names.join(', ')}. Have one removed, or download the archive.`;
  throw new AppError('too_many_restores', 409, detail);
}
