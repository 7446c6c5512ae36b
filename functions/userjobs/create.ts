// Makes a user job: its anchor, its Service, its tunnel, in this order. Where the tunnel is, all of it is there; a repeat of the
// request goes on where an earlier attempt was cut.
import { setTimeout as sleep } from 'node:timers/promises';
import { AppError } from '../../lib/errors';
import type { Call } from '../../lib/kube/kube';
import type { KubeObject } from '../../lib/kube/objects';
import { LABELS } from '../../lib/labels';
import { requestDigest } from '../../lib/requestDigest';
import { hasCode } from '../../lib/kube/errors';
import { refuseForeign } from './attach';
import type { Host } from './configFile';
import type { Context } from './context';
import { deploymentManifest, serviceManifest } from './desired';
import { chosenFields, hostFor } from './reach';
import { toUserJob, userJobManifest, userJobName, type JobRecord, type UserJob, type UserJobRecord } from './record';
import { findRunningService } from './runningService';
import { invalid, type UserJobRequest } from './schema';
import type { JobRequest } from './slurm/schema';
import { reservation, submitOnce } from './slurm/submitOnce';
import { createUnlessTaken, getUserJob, removeUserJob } from './userJobs';

export interface Creation {
  readonly credential: string;
  readonly request: UserJobRequest;
}

const LOOK_AGAIN_MS = 100;
/** To make an anchor whose name is taken, and is not when one looks. */
const ATTEMPTS = 3;

export async function createUserJob(context: Context, creation: Creation, call: Call): Promise<UserJob> {
  const { credential, request } = creation;
  const host = hostFor(request, context.settings.userjobs, credential);
  const service = await findRunningService(context, { credential, service: request.service }, call);
  if (service === undefined) {
    throw invalid({ service: [`There is no running service ${JSON.stringify(request.service)}.`] });
  }
  await refuseForeign(context, { credential, host, job: request.job }, call);
  // Before anything is there that could be left without a tunnel.
  const image = await context.tunnelImage(call.signal);
  const record = recordOf(creation, host, { service, now: context.clock() });
  const { userJob: claimed, isNew } = await claim(context, { record, service }, call);
  try {
    await exposeService(context, claimed, call);
  } catch (error) {
    if (isNew && hasCode(error, 'name_taken')) await removeUserJob(context, claimed, call);
    throw error;
  }
  const { job } = request;
  const wanted = job !== undefined && 'script' in job ? { ...job, fields: chosenFields(job.fields, host) } : undefined;
  const userJob = wanted ? await submitOnce(context, { userJob: claimed, isNew, wanted }, call) : claimed;
  await createUnlessTaken(context, deploymentManifest(userJob, context.settings.namespace, image), call);
  return userJob;
}

function recordOf(
  { credential, request }: Creation,
  host: Host,
  { service: running, now }: Surroundings,
): UserJobRecord {
  const { service, hostname, targetNode, ports } = request;
  const { address, port, user, key } = host;
  return {
    credential,
    service,
    hostname,
    targetNode,
    ports,
    login: { address, port, user, key },
    digest: requestDigest(request),
    serviceUid: running.metadata?.uid ?? '',
    ...(request.job !== undefined && { job: jobRecordOf(request.job, host, now) }),
  };
}

interface Surroundings {
  readonly service: KubeObject;
  readonly now: Date;
}

function jobRecordOf(job: JobRequest, { user, nodes, slurm }: Host, now: Date): JobRecord {
  const { bin, poll_seconds: pollSeconds = 5 } = slurm ?? {};
  const common = { nodes, pollSeconds, ...(bin !== undefined && { bin }) };
  if ('attach' in job) return { ...common, isOurs: false, users: slurm?.attach_users ?? [user], id: job.attach };
  return { ...common, isOurs: true, submitting: reservation(now) };
}

interface Claim {
  readonly userJob: UserJob;
  /** This request made it, so this request may take it back. */
  readonly isNew: boolean;
}

/** The anchor that this request makes, or that an equal one made before; 409 when another request has the name. */
async function claim(
  context: Context,
  { record, service }: { readonly record: UserJobRecord; readonly service: KubeObject },
  call: Call,
): Promise<Claim> {
  const manifest = userJobManifest(record, context.settings.namespace, service);
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const created = await createUnlessTaken(context, manifest, call);
    const made = created && toUserJob(created);
    if (made !== undefined) return { userJob: made, isNew: true };
    const userJob = await getUserJob(context, userJobName(record.credential, record.service), call);
    // Else it was removed in between: the name is free now.
    if (userJob !== undefined) return { userJob: same(userJob, record), isNew: false };
  }
  throw conflict(`The name of user job ${record.service} is taken by something that is none.`);
}

/** Answers what was made before, when it was by an equal request. */
function same(userJob: UserJob, record: UserJobRecord): UserJob {
  if (userJob.record.stoppedAt !== undefined) throw conflict(`User job ${record.service} is being ended.`);
  const isSame = userJob.record.digest === record.digest && userJob.record.serviceUid === record.serviceUid;
  if (isSame) return userJob;
  throw conflict(`User job ${record.service} exists already and was made by another request.`);
}

/** Nobody else's Service is touched; that of an earlier user job of the name is on its way out. */
async function exposeService(context: Context, userJob: UserJob, call: Call): Promise<void> {
  const { kube, settings } = context;
  const manifest = serviceManifest(userJob, settings.namespace);
  const { service } = userJob.record;
  const ref = { apiVersion: 'v1', kind: 'Service', namespace: settings.namespace, name: service };
  while ((await createUnlessTaken(context, manifest, call)) === undefined) {
    const found = await kube.get<KubeObject>(ref, call);
    const labels = found?.metadata?.labels ?? {};
    if (labels[LABELS.anchorUid] === userJob.uid) return;
    if (found !== undefined && labels[LABELS.anchor] !== userJob.name) throw taken(service);
    await sleep(LOOK_AGAIN_MS, undefined, { signal: call.signal });
  }
}

function taken(service: string): AppError {
  return new AppError('name_taken', 409, `A Service ${service} exists already and belongs to something else.`);
}

function conflict(message: string): AppError {
  return new AppError('conflict', 409, message);
}
