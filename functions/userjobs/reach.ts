// What of a host may be reached, by whom, and with which job: everything that its configuration does not name is refused. Pure.
import { globMatcher } from '../../lib/glob';
import type { Host, UserJobsConfig } from './configFile';
import { nodeMatcher } from './hostName';
import { invalid, type UserJobRequest } from './schema';
import type { JobFields, JobRequest } from './slurm/schema';

/** The host that a request of a credential may use as it asks; throws 400 with the reasons by field. */
export function hostFor(request: UserJobRequest, { hosts }: UserJobsConfig, credential: string): Host {
  const { hostname } = request;
  const host = Object.hasOwn(hosts, hostname) ? hosts[hostname] : undefined;
  if (host === undefined || !globMatcher(host.credentials)(credential)) {
    throw invalid({ hostname: [`There is no host ${JSON.stringify(hostname)} to be reached.`] });
  }
  const faults = {
    ports: portFaults(request, host),
    target_node: nodeFaults(request, host),
    job: jobFaults(request.job, host),
  };
  const told = Object.entries(faults).filter(([, messages]) => messages.length > 0);
  if (told.length === 0) return host;
  throw invalid(Object.fromEntries(told));
}

/** What sbatch is told: the operator's defaults, and the request's fields over them. */
export function chosenFields(fields: JobFields, { slurm }: Host): JobFields {
  return { ...slurm?.defaults, ...fields };
}

function portFaults({ ports, hostname }: UserJobRequest, host: Host): readonly string[] {
  const closed = ports.filter(({ target }) => !host.ports.some((range) => isWithin(target, range)));
  return closed.map(({ target }) => `Port ${target} may not be reached at ${hostname}.`);
}

function isWithin(port: number, range: number | string): boolean {
  const [from = 0, to = from] = String(range).split('-').map(Number);
  return port >= from && port <= to;
}

function nodeFaults({ targetNode, job, hostname }: UserJobRequest, { nodes }: Host): readonly string[] {
  if (job !== undefined || nodeMatcher(nodes)(targetNode)) return [];
  return [`${targetNode} may not be reached at ${hostname}.`];
}

function jobFaults(job: JobRequest | undefined, { slurm }: Host): readonly string[] {
  if (job === undefined) return [];
  if (slurm === undefined) return ['This host takes no jobs.'];
  if ('attach' in job) return [];
  return Object.entries(job.fields).flatMap(([name, value = '']) => {
    const allowed = slurm.fields[name as keyof typeof slurm.fields];
    if (allowed === undefined) return [`${name}: is not allowed on this host.`];
    return globMatcher(allowed)(value) ? [] : [`${name}: ${value} is not allowed on this host.`];
  });
}
