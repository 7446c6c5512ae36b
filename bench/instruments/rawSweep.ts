// The floors of a sweep: the same pages listed, and as many jobs deleted, by plain requests.
import type { KubeObject } from '../../lib/kube/objects';
import { MANAGED_BY, LABELS } from '../../lib/labels';
import type { Bed } from './bed';
import type { Client } from './client';
import { handOut, many } from './handOut';
import { jobsPath } from './removeJobs';

const PAGE = 500;
const CLIENTS = 8;

interface Page {
  readonly items: readonly KubeObject[];
  readonly metadata: { readonly continue?: string };
}

/** Page by page, each parsed. */
export async function listPages(bed: Bed, client: Client): Promise<readonly string[]> {
  const selector = encodeURIComponent(`${LABELS.managedBy}=${MANAGED_BY},${LABELS.kind}=job`);
  const path = `${jobsPath(bed)}?limit=${PAGE}&labelSelector=${selector}`;
  const names: string[] = [];
  let token: string | undefined = '';
  while (token !== undefined) {
    const page = (await client.expect('GET', token === '' ? path : `${path}&continue=${token}`)) as Page;
    names.push(...page.items.map(({ metadata }) => metadata?.name ?? ''));
    token = page.metadata.continue || undefined;
  }
  return names;
}

/** All of them, a few at a time. */
export async function deleteEach(bed: Bed): Promise<void> {
  const clients = many(CLIENTS, bed.raw);
  const [first] = clients;
  const names = first === undefined ? [] : await listPages(bed, first);
  const body = { propagationPolicy: 'Background' };
  await handOut(clients, names, async (client, name) => client.expect('DELETE', `${jobsPath(bed)}/${name}`, { body }));
  for (const { close } of clients) close();
}
