// Makes a job: one request for a plain one; with secrets or files it is let go when everything is there.
import { AppError } from '../../lib/errors';
import { hasCode } from '../../lib/kube/errors';
import type { Call, Kube } from '../../lib/kube/kube';
import type { KubeObject } from '../../lib/kube/objects';
import { endJob } from '../../lib/jobs/endJob';
import { isEndedEarly, wasGivenUp } from '../../lib/jobs/jobState';
import { belongingNames, jobId, newNonce } from '../../lib/jobs/names';
import { anchorRef } from '../../lib/jobSets/readSet';
import { requestDigest } from '../../lib/requestDigest';
import { belongingsOf } from './belongings';
import { choose } from './chosen';
import { conflictOf, isSameRequest, neverRan, stillGoing } from './conflict';
import type { Context } from './context';
import { hasBelongings, jobManifest, type Wanted } from './desired';
import { findRecordOf } from './record';
import type { JobRequest } from './schema';

export interface Submission {
  readonly credential: string;
  readonly request: JobRequest;
  readonly idempotencyKey: string | undefined;
}

/** The Job as the API server has it; what it would be when only a dry run was asked for. */
export async function submitJob(context: Context, submission: Submission, call: Call): Promise<KubeObject> {
  const wanted = wantedBy(context, submission);
  const manifest = jobManifest(wanted);
  if (submission.request.dryRun) return manifest;
  const other = isRepeatable(submission) ? await reapedOrSet(context, wanted.id, call) : undefined;
  if (other !== undefined) return sameOrConflict(other, wanted);
  const job = await createOrFind(context, { wanted, manifest }, call);
  if (!hasBelongings(submission.request) || !isHeld(job)) return job;
  await createBelongings(context, belongingsOf(job, wanted), call);
  return madeOrGivenUp(await release(context, job, call), wanted);
}

function wantedBy({ settings }: Context, { credential, request, idempotencyKey }: Submission): Wanted {
  const id = request.name ?? jobId(credential, idempotencyKey);
  return {
    id,
    namespace: settings.namespace,
    credential,
    request,
    chosen: choose(request, settings.jobs, credential),
    digest: digestOf(request),
    names: belongingNames(id, newNonce()),
  };
}

/** A set of this id is never the same request. */
async function reapedOrSet(context: Context, id: string, call: Call): Promise<KubeObject | undefined> {
  const { kube, settings } = context;
  const [reaped, set] = await Promise.all([
    findRecordOf(context, id, call),
    kube.get<KubeObject>(anchorRef(settings.namespace, id), call),
  ]);
  return reaped?.record.job ?? set;
}

async function createOrFind(
  { kube }: Context,
  { wanted, manifest }: { readonly wanted: Wanted; readonly manifest: KubeObject },
  call: Call,
): Promise<KubeObject> {
  try {
    return await kube.create(manifest, call);
  } catch (error) {
    if (!hasCode(error, 'already_exists')) throw refusalOf(error);
    const found = await kube.get<KubeObject>(refOf(wanted), call);
    if (found === undefined || found.metadata?.deletionTimestamp !== undefined) throw stillGoing(error);
    return sameOrConflict(found, wanted);
  }
}

/** Its id is chosen by the caller, so that it may have been used before. */
function isRepeatable({ request, idempotencyKey }: Submission): boolean {
  return request.name !== undefined || idempotencyKey !== undefined;
}

/** A repeat of the request that made the job gets that job; nobody else does. */
function sameOrConflict(job: KubeObject, wanted: Wanted): KubeObject {
  if (isSameRequest(job, wanted)) return madeOrGivenUp(job, wanted);
  throw conflictOf(wanted);
}

/** By the reaper, since nobody let it go in time. */
function madeOrGivenUp(job: KubeObject, wanted: Wanted): KubeObject {
  if (wasGivenUp(job)) throw neverRan(wanted);
  return job;
}

/** Secret values are left out: a hash that everybody can read who reads Jobs would let them be guessed. */
function digestOf({ secretEnv, ...request }: JobRequest): string {
  return requestDigest({ ...request, secretEnv: Object.keys(secretEnv).toSorted() });
}

/** What the API server refuses is the caller's to mend, and it says how: values, quotas, policies. */
export function refusalOf(error: unknown): unknown {
  if (hasCode(error, 'invalid', 'bad_request')) return new AppError('invalid_input', 422, error.message);
  return hasCode(error, 'forbidden') ? new AppError('forbidden', 403, error.message) : error;
}

/** Of this project: a Job that its owner has cancelled is not let go. */
function isHeld({ spec, metadata }: KubeObject): boolean {
  const isSuspended = (spec as { readonly suspend?: boolean } | undefined)?.suspend === true;
  return isSuspended && !isEndedEarly({ metadata });
}

async function createBelongings({ kube }: Context, all: readonly KubeObject[], call: Call): Promise<void> {
  await Promise.all(
    all.map(async (object) => {
      try {
        await kube.create(object, call);
      } catch (error) {
        // By an earlier attempt of the same request: no other Job has their names.
        if (!hasCode(error, 'already_exists')) throw refusalOf(error);
      }
    }),
  );
}

async function release({ kube }: Context, { metadata }: KubeObject, call: Call): Promise<KubeObject> {
  const { namespace, name = '', uid } = metadata ?? {};
  const ref = { apiVersion: 'batch/v1', kind: 'Job', namespace, name };
  const released = await kube.mergePatch<KubeObject>(ref, { metadata: { uid }, spec: { suspend: false } }, call);
  if (released !== undefined) return isEndedEarly(released) ? endAgain(kube, released, call) : released;
  const detail = 'The job was removed while it was being made.';
  throw new AppError('conflict', 409, detail);
}

/** It was ended meanwhile, and now it was let go all the same. */
async function endAgain(kube: Kube, job: KubeObject, call: Call): Promise<KubeObject> {
  return (await endJob(kube, { job, why: 'cancelled' }, call)) ?? job;
}

function refOf({ id, namespace }: Wanted) {
  return { apiVersion: 'batch/v1', kind: 'Job', namespace, name: id };
}
