// A Job as its callers get it: Kubernetes' own object in snake_case, as its Python client prints it. Pure.
import type { KubeObject } from '../../lib/kube/objects';
import { isRecord } from '../../lib/record';

/** Their keys are names that somebody gave, and stay as they are. */
const MAPS = new Set([
  'annotations',
  'binaryData',
  'data',
  'labels',
  'limits',
  'matchLabels',
  'nodeSelector',
  'requests',
  'stringData',
]);
/** Kept by the API server for itself, and no part of what was asked for. */
const HIDDEN = new Set(['managedFields']);
/** Clients of the original read them without asking first whether they are there. */
const STATUS = {
  active: null,
  completed_indexes: null,
  completion_time: null,
  conditions: null,
  failed: null,
  ready: null,
  start_time: null,
  succeeded: null,
  uncounted_terminated_pods: null,
};

export function jobObject({ status, ...job }: KubeObject): object {
  return { ...(snakeCased(job) as object), status: statusObject(status) };
}

export function statusObject(status: unknown): object {
  return { ...STATUS, ...(snakeCased(status ?? {}) as object) };
}

function snakeCased(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(snakeCased);
  if (!isRecord(value)) return value;
  const cased: Record<string, unknown> = {};
  for (const [key, inner] of Object.entries(value)) {
    if (!HIDDEN.has(key)) cased[snakeCase(key)] = MAPS.has(key) ? inner : snakeCased(inner);
  }
  return cased;
}

/** The fields of Kubernetes are few, and come in every answer. */
const known = new Map<string, string>();
const MOST_KNOWN = 1_000;

/** `podIP` becomes `pod_ip`, `clusterIPs` `cluster_ips`. */
function snakeCase(key: string): string {
  const found = known.get(key);
  if (found !== undefined) return found;
  const snake = key.replaceAll(/([a-z0-9])([A-Z]+)/g, '$1_$2').toLowerCase();
  if (known.size < MOST_KNOWN) known.set(key, snake);
  return snake;
}
