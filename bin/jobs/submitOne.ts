// Submits one command under the next free name of its identifier; whatever is repeated, it runs once.
import { randomBytes } from 'node:crypto';
import { AppError } from '../../lib/errors';
import type { JobsClient } from './api/client';
import { APP, counterOf, countersAfter, labelValue } from './names';
import { jobBody, type Work } from './request';

/** Answers the id. */
export async function submitOne(client: JobsClient, work: Omit<Work, 'labels'>): Promise<string> {
  // Two who submit the same at the same time shall have two jobs: the digests of their requests differ by it.
  const labels = { submission: randomBytes(6).toString('hex') };
  for (const counter of countersAfter(await countersIn(client, work.identifier))) {
    const body = jobBody({ ...work, labels }, counter);
    if (await isTaken(client, body.name)) continue;
    const id = await submitNamed(client, body);
    if (id !== undefined) return id;
  }
  throw new AppError('names_used_up', 409, `all names of identifier ${work.identifier} are taken: choose another one`);
}

async function countersIn(client: JobsClient, identifier: string): Promise<readonly number[]> {
  const jobs = await client.list({ state: 'all', label: `app=${APP},identifier=${labelValue(identifier)}` });
  return jobs.map(({ job }) => counterOf(identifier, job) ?? 0);
}

/** Perhaps by a job of which only the record is left. */
async function isTaken(client: JobsClient, name: string): Promise<boolean> {
  return (await client.find(name)) !== undefined;
}

/** Undefined when somebody else was faster. */
async function submitNamed(client: JobsClient, body: ReturnType<typeof jobBody>): Promise<string | undefined> {
  try {
    const { metadata } = await client.submit(body);
    return metadata.name;
  } catch (error) {
    if (error instanceof AppError && error.status === 409) return undefined;
    throw error;
  }
}
