// Records of jobs: those that are too old, or have too many newer ones of their credential, go with their files.
import { RECORD_KIND, recordedId } from '../../../lib/jobs/record';
import type { KubeObject } from '../../../lib/kube/objects';
import { LABELS, MANAGED_BY } from '../../../lib/labels';
import { removeFolder } from '../capture/folderKeeper';
import type { Context } from '../context';
import { onEach, remove, type Run } from '../run';
import type { Seen } from '../seen';
import { deletionOf, type Deletion } from '../tally';
import { createWindow, type Window } from '../window';

const PAGE = 500;
const CONFIG_MAP = { apiVersion: 'v1', kind: 'ConfigMap' } as const;

/** `seen`: names of all jobs. The record of one that is still there is the only trace of its log once its pods are gone. */
export async function sweepRecords(context: Context, run: Run, seen: Seen): Promise<void> {
  const { kube, settings } = context;
  const labelSelector = `${LABELS.managedBy}=${MANAGED_BY},${LABELS.kind}=${RECORD_KIND}`;
  const selection = { ...CONFIG_MAP, namespace: settings.namespace, labelSelector, limit: PAGE };
  const window = createWindow<Deletion>();
  for await (const page of kube.pages<KubeObject>({ ...selection, metadataOnly: true }, run.listing)) {
    run.tally.saw('records', page.length);
    const items = page.flatMap((record) => leavingFor(context, window, { record, seen }));
    await onEach(context, run, { items, work: async (deletion) => forget(context, run, deletion) });
  }
}

interface Judged {
  readonly record: KubeObject;
  readonly seen: Seen;
}

function leavingFor(
  { settings, clock }: Context,
  window: Window<Deletion>,
  { record, seen }: Judged,
): readonly Deletion[] {
  const { name = '', creationTimestamp = '', labels = {} } = record.metadata ?? {};
  const id = recordedId(name);
  if (id === undefined || seen.has(id)) return [];
  const { age_seconds, count: size } = settings.policy.records;
  const at = Date.parse(creationTimestamp);
  if (clock().getTime() - at > age_seconds * 1000) return [deletionOf(CONFIG_MAP, record, 'job_record_expired')];
  const value = deletionOf(CONFIG_MAP, record, 'job_record_superseded');
  const leaving = window.offer({ group: labels[LABELS.credential] ?? '', size, at, value });
  return leaving === undefined ? [] : [leaving];
}

/** Files first: without the record nobody would find them again. */
async function forget(context: Context, run: Run, deletion: Deletion): Promise<void> {
  const { isDryRun, policy } = context.settings;
  const { folder } = policy.capture;
  if (folder !== undefined && !isDryRun) await removeFolder(folder, recordedId(deletion.name) ?? '');
  await remove(context, run, deletion);
}
