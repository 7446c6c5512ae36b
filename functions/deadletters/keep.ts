// Keeps a record in the cluster once, says so in the log once, and lets the oldest go when there are too many.
import { hasCode } from '../../lib/kube/errors';
import type { Call, Kube } from '../../lib/kube/kube';
import { LABELS, MANAGED_BY } from '../../lib/labels';
import type { Log } from '../../lib/log';
import { contentOf, type Letter } from './content';
import { DEAD_LETTER, toRecord, type DeadLetter } from './record';

export interface Keeper {
  readonly kube: Kube;
  readonly namespace: string;
  readonly kept: number;
  readonly clock: () => Date;
  readonly log: Log;
}

type Kept = DeadLetter & { readonly metadata: { readonly uid?: string } };

const CONFIG_MAP = { apiVersion: 'v1', kind: 'ConfigMap' } as const;

export async function keep(keeper: Keeper, letter: Letter, call: Call): Promise<void> {
  const { kube, namespace, log } = keeper;
  const content = contentOf(letter);
  const record = toRecord(letter, content);
  const made = await unlessThere(
    kube.create<Kept>({ ...record, metadata: { ...record.metadata, namespace } } as Kept, call),
  );
  if (made !== undefined) log.error('event could not be delivered', { record: record.metadata.name, ...record.data });
  if (content !== undefined) await keepContent(keeper, { made, record, content }, call);
  if (made !== undefined) await forgetOldest(keeper, call);
}

interface Wanted {
  /** Undefined when an earlier delivery has made it, and was perhaps killed before it kept the content. */
  readonly made: Kept | undefined;
  readonly record: DeadLetter;
  readonly content: string;
}

/** It goes with its record. */
async function keepContent(keeper: Keeper, { made, record, content }: Wanted, call: Call): Promise<void> {
  const { name, labels } = record.metadata;
  const owner = made ?? (await records(keeper, call)).find(({ metadata }) => metadata.name === name);
  const uid = owner?.metadata.uid;
  if (uid === undefined) return;
  const metadata = { name, namespace: keeper.namespace, labels, ownerReferences: [{ ...CONFIG_MAP, name, uid }] };
  const secret = { apiVersion: 'v1', kind: 'Secret', metadata, immutable: true, stringData: { event: content } };
  await unlessThere(keeper.kube.create(secret, call));
}

async function forgetOldest(keeper: Keeper, call: Call): Promise<void> {
  const { kube, namespace, kept } = keeper;
  const newestFirst = (await records(keeper, call)).toSorted(
    (a, b) => b.data['receivedAt']?.localeCompare(a.data['receivedAt'] ?? '') ?? 0,
  );
  for (const { metadata } of newestFirst.slice(kept)) {
    const { name, uid = '' } = metadata;
    await kube.delete({ ...CONFIG_MAP, namespace, name }, { uid }, call);
  }
}

async function records({ kube, namespace }: Keeper, call: Call): Promise<readonly Kept[]> {
  const labelSelector = `${LABELS.managedBy}=${MANAGED_BY},${LABELS.kind}=${DEAD_LETTER}`;
  return (await kube.list<Kept>({ ...CONFIG_MAP, namespace, labelSelector }, call)).items;
}

async function unlessThere<T>(created: Promise<T>): Promise<T | undefined> {
  try {
    return await created;
  } catch (error) {
    if (hasCode(error, 'already_exists')) return undefined;
    throw error;
  }
}
