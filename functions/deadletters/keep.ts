// Keeps a record in the cluster once, says so in the log once, and lets the oldest go when there are too many.
import { hasCode } from '../../lib/kube/errors';
import type { Call, Kube } from '../../lib/kube/kube';
import { LABELS, MANAGED_BY } from '../../lib/labels';
import type { Log } from '../../lib/log';
import { DEAD_LETTER, type DeadLetter } from './record';

export interface Keeper {
  readonly kube: Kube;
  readonly namespace: string;
  readonly kept: number;
  readonly clock: () => Date;
  readonly log: Log;
}

const CONFIG_MAP = { apiVersion: 'v1', kind: 'ConfigMap' } as const;

export async function keep(keeper: Keeper, record: DeadLetter, call: Call): Promise<void> {
  const { kube, namespace, log } = keeper;
  try {
    await kube.create({ ...record, metadata: { ...record.metadata, namespace } }, call);
  } catch (error) {
    if (hasCode(error, 'already_exists')) return;
    throw error;
  }
  log.error('event could not be delivered', { record: record.metadata.name, ...record.data });
  await forgetOldest(keeper, call);
}

async function forgetOldest({ kube, namespace, kept }: Keeper, call: Call): Promise<void> {
  const labelSelector = `${LABELS.managedBy}=${MANAGED_BY},${LABELS.kind}=${DEAD_LETTER}`;
  const { items } = await kube.list<DeadLetter>({ ...CONFIG_MAP, namespace, labelSelector }, call);
  const newestFirst = items.toSorted((a, b) => b.data['receivedAt']?.localeCompare(a.data['receivedAt'] ?? '') ?? 0);
  for (const { metadata } of newestFirst.slice(kept)) {
    const { name, uid = '' } = metadata as { readonly name: string; readonly uid?: string };
    await kube.delete({ ...CONFIG_MAP, namespace, name }, { uid }, call);
  }
}
