// What Outpost's clients read: states, lists, addresses and flavors in their shapes.
import type { KubeObject } from '../../../lib/kube/objects';
import { isRecord } from '../../../lib/record';
import type { Start } from '../../../lib/services/anchor';
import type { Polled } from '../poll';
import { limitHash, type Seat } from '../seats/seat';
import { flavorScope, type Flavors } from './flavors';

/** Outpost's end of a service without one. */
const NEVER = '9999-12-31T23:59:59.999999Z';

export function serviceEntry({ anchor: { start }, state }: Polled): object {
  return {
    name: wireName(start),
    start_id: start.startId,
    start_date: start.startDate,
    end_date: start.runUntil ?? NEVER,
    jupyterhub: start.credential,
    jupyterhub_userid: String(start.userId),
    last_update: start.startDate,
    state_stored: true,
    start_pending: state.running && state.status.phase !== 'running',
    stop_pending: false,
  };
}

/** null: it runs or may still run; otherwise what a process would answer with. */
export function exitStatus({ running, status }: Polled['state']): number | null {
  if (running) return null;
  return status.phase === 'stopped' ? 0 : 1;
}

export interface Place {
  /** Of the service, as its description has it. */
  readonly id: string;
  readonly namespace: string;
  readonly domain: string;
}

/** `host:port` of the Service that stands for the server: `svc-<id>`, or the only one. Empty when nobody can tell. */
export function serviceAddress(objects: readonly KubeObject[], { id, namespace, domain }: Place): string {
  const services = objects.filter(({ kind }) => kind === 'Service');
  const conventional = services.find(({ metadata }) => metadata?.name === `svc-${id}`);
  const service = conventional ?? (services.length === 1 ? services[0] : undefined);
  const port = firstPort(service);
  return port === undefined ? '' : `${service?.metadata?.name ?? ''}.${namespace}.${domain}:${port}`;
}

/** Each flavor as it is configured, and how many servers have it now. */
export function flavorUsage(flavors: Flavors, seats: readonly Seat[]): object {
  const taken = new Map<string, number>();
  for (const { limit } of seats) taken.set(limit, (taken.get(limit) ?? 0) + 1);
  const entries = Object.entries(flavors).map(([name, flavor]) => {
    return [name, { ...flavor, current: taken.get(limitHash({ scope: flavorScope(name) })) ?? 0 }] as const;
  });
  return Object.fromEntries(entries);
}

/** The name that Outpost's clients gave; a service that was started otherwise has its own. */
function wireName({ servername, startId }: Start): string {
  const suffix = `:${startId}`;
  return servername.endsWith(suffix) ? servername.slice(0, -suffix.length) : servername;
}

function firstPort(service: KubeObject | undefined): number | undefined {
  const spec = service?.['spec'];
  const ports: unknown = isRecord(spec) ? spec['ports'] : undefined;
  const first: unknown = Array.isArray(ports) ? ports[0] : undefined;
  const port = isRecord(first) ? first['port'] : undefined;
  return typeof port === 'number' ? port : undefined;
}
