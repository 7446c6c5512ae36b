// A sweep over all user jobs: ends those whose service is gone, whose making was cut off, and what could not be ended before.
import type { Call } from '../../../lib/kube/kube';
import type { KubeObject } from '../../../lib/kube/objects';
import { LABELS, MANAGED_BY } from '../../../lib/labels';
import { activeSelector } from '../../../lib/services/names';
import { AppError } from '../../../lib/errors';
import { tryEach } from '../../../lib/tryEach';
import type { Context } from '../context';
import { TUNNEL_ROLE } from '../desired';
import type { UserJob } from '../record';
import { listUserJobs } from '../userJobs';
import { endUserJob } from './endUserJob';
import { reasonToEnd } from './plan';

const PAGE = 500;
const AT_ONCE = 8;
const TUNNELS = `${LABELS.managedBy}=${MANAGED_BY},${LABELS.role}=${TUNNEL_ROLE}`;

export async function sweep(context: Context, call: Call): Promise<void> {
  const { log } = context;
  // In this order: whatever is made meanwhile has what it needs in the lists that come later.
  const userJobs = await listUserJobs(context, undefined, call);
  if (userJobs.length === 0) return;
  const ending = await planned(context, userJobs, call);
  const unreachable = new Set<string>();
  let ended = 0;
  const failures = await tryEach(ending, AT_ONCE, async (userJob) => {
    const { address } = userJob.record.login;
    // One wait for a host that does not answer is enough.
    if (unreachable.has(address)) return;
    const { isGone, isHostAway } = await endUserJob(context, userJob, call);
    if (isGone) ended += 1;
    if (isHostAway === true) unreachable.add(address);
  });
  for (const { item, error } of failures) log.error('a user job could not be ended', { anchor: item.name, error });
  log.info('sweep finished', { seen: userJobs.length, planned: ending.length, ended, failed: failures.length });
  if (failures.length === 0) return;
  const detail = `${failures.length} user jobs could not be ended.`;
  throw new AppError('sweep_incomplete', 503, detail, { retryAfterSeconds: 60 });
}

async function planned(context: Context, userJobs: readonly UserJob[], call: Call): Promise<readonly UserJob[]> {
  const { settings, clock, log } = context;
  const services = await listMetadata(context, { apiVersion: 'v1', kind: 'ConfigMap', labels: activeSelector() }, call);
  const tunnels = await listMetadata(context, { apiVersion: 'apps/v1', kind: 'Deployment', labels: TUNNELS }, call);
  const around = {
    services: new Set(services.map(({ metadata }) => metadata?.uid ?? '')),
    tunnels: new Set(tunnels.map(({ metadata }) => metadata?.labels?.[LABELS.anchorUid] ?? '')),
    createDeadlineSeconds: settings.userjobs.create_deadline_seconds,
    now: clock(),
  };
  return userJobs.filter((userJob) => {
    const reason = reasonToEnd(userJob, around);
    if (reason !== undefined) log.info('ending a user job', { anchor: userJob.name, reason });
    return reason !== undefined;
  });
}

interface Wanted {
  readonly apiVersion: string;
  readonly kind: string;
  readonly labels: string;
}

async function listMetadata(
  { kube, settings }: Context,
  { labels, ...type }: Wanted,
  call: Call,
): Promise<readonly KubeObject[]> {
  const selection = { ...type, namespace: settings.namespace, labelSelector: labels, limit: PAGE };
  const all: KubeObject[] = [];
  for await (const page of kube.pages({ ...selection, metadataOnly: true }, call)) all.push(...page);
  return all;
}
