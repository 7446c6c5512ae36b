// Takes away all jobs of the namespace, a few at a time, and waits until their pods are gone, too.
import { setTimeout as sleep } from 'node:timers/promises';
import type { KubeObject } from '../../lib/kube/objects';
import type { Bed } from './bed';
import type { Client } from './client';
import { handOut, many } from './handOut';

const BATCH = 200;
const CLIENTS = 8;
const PATIENCE_MS = 300_000;
const GRACE_MS = 10_000;
const BACKGROUND = { body: { propagationPolicy: 'Background' } };

export function jobsPath({ api }: Bed): string {
  return `/apis/batch/v1/namespaces/${api.namespace}/jobs`;
}

export async function removeJobs(bed: Bed): Promise<void> {
  const path = jobsPath(bed);
  const clients = many(CLIENTS, bed.raw);
  const [first] = clients;
  if (first === undefined) return;
  const giveUpAt = performance.now() + PATIENCE_MS;
  try {
    for (let batch = await names(first, path); batch.length > 0; batch = await names(first, path)) {
      await handOut(clients, batch, async (client, name) => client.send('DELETE', `${path}/${name}`, BACKGROUND));
      if (performance.now() > giveUpAt) throw new Error('the jobs of the measurement cannot be removed');
    }
    await untilNoPods(bed, first, GRACE_MS);
    // Simulated nodes may never hear of a pod that was deleted right after its creation.
    await first.expect('DELETE', podsPath(bed), { body: { gracePeriodSeconds: 0 } });
    await untilNoPods(bed, first, PATIENCE_MS);
  } finally {
    for (const { close } of clients) close();
  }
}

async function untilNoPods(bed: Bed, client: Client, patienceMs: number): Promise<void> {
  const giveUpAt = performance.now() + patienceMs;
  while ((await names(client, podsPath(bed))).length > 0 && performance.now() < giveUpAt) await sleep(200);
}

function podsPath({ api }: Bed): string {
  return `/api/v1/namespaces/${api.namespace}/pods`;
}

async function names(client: Client, path: string): Promise<readonly string[]> {
  const { items } = (await client.expect('GET', `${path}?limit=${BATCH}`)) as { readonly items: readonly KubeObject[] };
  return items.map(({ metadata }) => metadata?.name ?? '');
}
