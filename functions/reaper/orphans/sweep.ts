// What belongs to jobs, sets and services that are gone: normally Kubernetes has removed it, and here is who looks after it.
import { JOB_KIND } from '../../../lib/jobs/names';
import { EVERY_STAGE } from '../../../lib/jobSets/names';
import type { KubeObject } from '../../../lib/kube/objects';
import { LABELS, MANAGED_BY } from '../../../lib/labels';
import type { Context } from '../context';
import { onEach, remove, type Run } from '../run';
import type { Seen } from '../seen';
import { deletionOf } from '../tally';
import { ownersOf, type Owner } from './owners';
import { reasonToRemove } from './plan';

const PAGE = 500;
const OURS = `${LABELS.managedBy}=${MANAGED_BY}`;
const OF_JOB = `${OURS},${LABELS.kind}=${JOB_KIND}`;
/** Of job sets and user jobs, too. */
const OF_SERVICE = `${OURS},${LABELS.anchorUid}`;

/** What runs, costs something, or holds secrets. Claims are not among them: nobody but their owner removes data. */
const BELONGINGS = [
  { apiVersion: 'v1', kind: 'Pod', labelSelector: OF_JOB },
  { apiVersion: 'v1', kind: 'Secret', labelSelector: OF_JOB },
  { apiVersion: 'v1', kind: 'ConfigMap', labelSelector: OF_JOB },
  { apiVersion: 'batch/v1', kind: 'Job', labelSelector: EVERY_STAGE },
  { apiVersion: 'v1', kind: 'Pod', labelSelector: EVERY_STAGE },
  { apiVersion: 'v1', kind: 'Secret', labelSelector: OF_SERVICE },
  { apiVersion: 'v1', kind: 'ConfigMap', labelSelector: OF_SERVICE },
  { apiVersion: 'v1', kind: 'Service', labelSelector: OF_SERVICE },
  { apiVersion: 'apps/v1', kind: 'Deployment', labelSelector: OF_SERVICE },
] as const;

/** `seen`: uids of all jobs and anchors, and names of all jobs, listed before. */
export async function sweepOrphans(context: Context, run: Run, seen: Seen): Promise<void> {
  const { kube, settings, clock } = context;
  const around = { isThere: seen.has, graceSeconds: settings.policy.orphan_grace_seconds, now: clock() };
  for (const { labelSelector, ...type } of BELONGINGS) {
    const selection = {
      ...type,
      namespace: settings.namespace,
      labelSelector,
      limit: PAGE,
      metadataOnly: true,
    } as const;
    for await (const page of kube.pages<KubeObject>(selection, run.listing)) {
      run.tally.saw('belongings', page.length);
      const items = page.flatMap((object) => {
        const reason = reasonToRemove(object, around);
        return reason === undefined ? [] : [{ ...deletionOf(type, object, reason), owners: ownersOf(object) }];
      });
      await onEach(context, run, {
        items,
        work: async ({ owners, ...deletion }) => {
          if (!(await isAnyThere(context, run, owners))) await remove(context, run, deletion);
        },
      });
    }
  }
}

const MAY_BE_READ = new Set(['Job', 'ConfigMap']);

/** It may have come since, or not say any more that it is ours: then nothing of it is ours to remove. */
async function isAnyThere({ kube, settings }: Context, { work }: Run, owners: readonly Owner[]): Promise<boolean> {
  const { namespace } = settings;
  for (const { uid, ...ref } of owners.filter(({ kind, name }) => MAY_BE_READ.has(kind) && name !== '')) {
    const found = await kube.get<KubeObject>({ ...ref, namespace }, work);
    if (found !== undefined && (uid === undefined || found.metadata?.uid === uid)) return true;
  }
  return false;
}
