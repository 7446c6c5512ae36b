// Anchors of services: those that nobody will finish or read any more go, and Kubernetes removes what they own.
import type { Call } from '../../../lib/kube/kube';
import type { KubeObject } from '../../../lib/kube/objects';
import { LABELS, MANAGED_BY } from '../../../lib/labels';
import type { Context } from '../context';
import { onEach, remove, type Run } from '../run';
import type { Seen } from '../seen';
import { planSweep } from './plan';

const PAGE = 500;
const OURS = `${LABELS.managedBy}=${MANAGED_BY}`;

/** `seen` gets the uid of each anchor that there is. */
export async function sweepServices(context: Context, run: Run, seen: Seen): Promise<void> {
  const { settings, clock } = context;
  const anchors = await listAll(
    context,
    { apiVersion: 'v1', kind: 'ConfigMap', labels: `${LABELS.kind}=service` },
    run.listing,
  );
  const mains = await listAll(
    context,
    { apiVersion: 'apps/v1', kind: 'Deployment', labels: `${LABELS.role}=main` },
    run.listing,
  );
  const complete = new Set(mains.map(({ metadata }) => metadata?.labels?.[LABELS.anchorUid] ?? ''));
  for (const { metadata } of anchors) seen.add(metadata?.uid ?? '');
  run.tally.saw('services', anchors.length);
  const policy = {
    startDeadlineSeconds: settings.policy.start_deadline_seconds,
    endedRetentionSeconds: settings.policy.ended_retention_seconds,
  };
  const planned = planSweep({ anchors, complete }, policy, clock());
  await onEach(context, run, {
    items: planned,
    work: async (deletion) => remove(context, run, { apiVersion: 'v1', kind: 'ConfigMap', ...deletion }),
  });
}

interface Wanted {
  readonly apiVersion: string;
  readonly kind: string;
  readonly labels: string;
}

async function listAll(
  { kube, settings }: Context,
  { labels, ...type }: Wanted,
  call: Call,
): Promise<readonly KubeObject[]> {
  const selection = { ...type, namespace: settings.namespace, labelSelector: `${OURS},${labels}`, limit: PAGE };
  const objects: KubeObject[] = [];
  // Neither a request's data nor a Deployment's spec is needed to judge them.
  for await (const page of kube.pages({ ...selection, metadataOnly: true }, call)) objects.push(...page);
  return objects;
}
