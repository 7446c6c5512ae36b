// One sweep: list, plan, report, delete; it finishes its list and fails afterwards when a deletion did.
import { AppError } from '../../lib/errors';
import type { Call, Kube } from '../../lib/kube/kube';
import type { KubeObject } from '../../lib/kube/objects';
import { LABELS, MANAGED_BY } from '../../lib/labels';
import type { Log } from '../../lib/log';
import { tryEach } from '../../lib/tryEach';
import { planSweep, type Deletion, type Policy } from './plan';

export interface Sweeper {
  readonly kube: Kube;
  readonly clock: () => Date;
  readonly log: Log;
  readonly settings: Policy & { readonly namespace: string; readonly dryRun: boolean };
}

export interface Report {
  readonly seen: number;
  readonly planned: readonly Deletion[];
  /** Zero in a dry run. */
  readonly deleted: number;
  readonly failed: number;
}

const PAGE = 500;
const DELETIONS_AT_ONCE = 8;

export async function sweep(sweeper: Sweeper, call: Call): Promise<Report> {
  const { kube, clock, log, settings } = sweeper;
  const ours = `${LABELS.managedBy}=${MANAGED_BY}`;
  const anchors = await all(
    kube.pages(
      { ...inNamespace(settings, 'v1', 'ConfigMap'), labelSelector: `${ours},${LABELS.kind}=service`, limit: PAGE },
      call,
    ),
  );
  const mains = await all(
    kube.pages(
      { ...inNamespace(settings, 'apps/v1', 'Deployment'), labelSelector: `${ours},${LABELS.role}=main`, limit: PAGE },
      call,
    ),
  );
  const complete = new Set(mains.map(({ metadata }) => metadata?.labels?.[LABELS.anchorUid] ?? ''));
  const planned = planSweep({ anchors, complete }, settings, clock());
  for (const deletion of planned) log.info(settings.dryRun ? 'would delete' : 'deleting', { ...deletion });
  const failed = settings.dryRun ? 0 : await deleteAll(sweeper, planned, call);
  const report = { seen: anchors.length, planned, deleted: settings.dryRun ? 0 : planned.length - failed, failed };
  log.info('sweep finished', { ...report, planned: planned.length });
  if (failed > 0) throw new AppError('sweep_incomplete', 503, `${failed} deletions failed.`, { retryAfterSeconds: 60 });
  return report;
}

/** Deletes with the uid as precondition, a few at a time; returns how many failed. */
async function deleteAll({ kube, log }: Sweeper, planned: readonly Deletion[], call: Call): Promise<number> {
  const failures = await tryEach(planned, DELETIONS_AT_ONCE, async ({ namespace, name, uid }) => {
    await kube.delete({ apiVersion: 'v1', kind: 'ConfigMap', namespace, name }, { uid }, call);
  });
  for (const { item, error } of failures) log.error('a deletion failed', { ...item, error });
  return failures.length;
}

async function all(pages: AsyncIterable<readonly KubeObject[]>): Promise<readonly KubeObject[]> {
  const objects: KubeObject[] = [];
  for await (const page of pages) objects.push(...page);
  return objects;
}

function inNamespace({ namespace }: { readonly namespace: string }, apiVersion: string, kind: string) {
  return { apiVersion, kind, namespace };
}
