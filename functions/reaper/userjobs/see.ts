// User jobs are ended by their own function; the reaper only has to know which are there, for what belongs to them.
import { LABELS, MANAGED_BY } from '../../../lib/labels';
import { USER_JOB_KIND } from '../../../lib/userjobs/names';
import type { Context } from '../context';
import type { Run } from '../run';
import type { Seen } from '../seen';

const PAGE = 500;
const ANCHORS = {
  apiVersion: 'v1',
  kind: 'ConfigMap',
  labelSelector: `${LABELS.managedBy}=${MANAGED_BY},${LABELS.kind}=${USER_JOB_KIND}`,
  limit: PAGE,
  metadataOnly: true,
} as const;

/** `seen` gets the uid of each anchor that there is. */
export async function seeUserJobs({ kube, settings }: Context, run: Run, seen: Seen): Promise<void> {
  for await (const page of kube.pages({ ...ANCHORS, namespace: settings.namespace }, run.listing)) {
    for (const { metadata } of page) seen.add(metadata?.uid ?? '');
  }
}
