// What is written on anchors of user jobs, changed as a fault would leave it.
import type { KubeObject } from '../../../lib/kube/objects';
import type { KubeClient } from '../kubeClient';

type Anchor = KubeObject & { readonly data?: { readonly 'userjob.json'?: string } };

/** As if the function had been killed after Slurm got the job, and before its number was written down, some time ago. */
export async function forgetNumber(kube: KubeClient, service: string): Promise<void> {
  const anchors = (await kube.list('configmaps', 'hub-functions/kind=userjob')) as readonly Anchor[];
  for (const { metadata, data } of anchors) {
    const record = JSON.parse(data?.['userjob.json'] ?? '') as { service: string; job: object };
    if (record.service !== service) continue;
    const cut = { ...record.job, id: undefined, submitting: { by: 'x', until: new Date(0).toISOString() } };
    const text = JSON.stringify({ ...record, job: cut });
    await kube.patch('configmaps', metadata?.name ?? '', { data: { 'userjob.json': text } });
  }
}
