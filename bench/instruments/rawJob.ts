// The floor of a submission: the very manifest that the function posts, under other names.
import { randomUUID } from 'node:crypto';
import type { KubeObject } from '../../lib/kube/objects';
import type { Bed } from './bed';
import { launchJobs, submit } from './jobsFunction';
import type { Recorded } from './recorder';
import { removeJobs } from './removeJobs';
import { countRequests, type RequestCount } from './requestCount';

export interface RawJob {
  /** Of the collection that it is posted to. */
  readonly path: string;
  /** One more, with an id of its own. */
  readonly manifest: () => KubeObject;
  /** What the submission cost. */
  readonly count: RequestCount;
}

export async function recordJob(bed: Bed, request: object): Promise<RawJob> {
  const jobs = await launchJobs(bed, { KUBE_API_URL: bed.recorder.url });
  try {
    const client = jobs.client();
    await submit(client, request);
    const count = await countRequests(bed, async () => submit(client, request));
    await removeJobs(bed);
    const creation = count.records.find(({ method }) => method === 'POST');
    if (creation === undefined) throw new Error('a submission made no API request');
    return { path: creation.path, manifest: copier(creation), count };
  } finally {
    await jobs.close();
  }
}

function copier({ body }: Recorded): () => KubeObject {
  const id = (JSON.parse(body) as KubeObject).metadata?.name ?? '';
  return () => JSON.parse(body.replaceAll(id, randomUUID())) as KubeObject;
}

/** A plain command whose pod waits for a node that there is not: it costs no machine. */
export const WAITING_JOB = { cmd: 'echo hello', nodeSelector: { bench: 'nowhere' } };
