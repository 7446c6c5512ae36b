// Takes away what a measurement started, on both sides, so that the next one finds an empty namespace.
import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from './client';

/** Everything that belongs to a start carries this label. */
const STARTED = '?labelSelector=hub-functions/anchor';
const PATIENCE_MS = 20_000;

/** Waits for the garbage collector, too, whose work would slow down what is timed next. */
export async function removeAll(client: Client, collections: readonly string[]): Promise<void> {
  for (const path of collections) {
    await client.expect('DELETE', path + STARTED, { body: { propagationPolicy: 'Background' } });
  }
  const giveUpAt = performance.now() + PATIENCE_MS;
  const deployments = collections.find((path) => path.endsWith('/deployments'));
  const last = deployments?.replace(/deployments$/, 'replicasets') ?? '';
  while ((await count(client, last)) > 0 && performance.now() < giveUpAt) await sleep(200);
}

async function count(client: Client, path: string): Promise<number> {
  const { items } = (await client.expect('GET', path)) as { readonly items: readonly unknown[] };
  return items.length;
}
