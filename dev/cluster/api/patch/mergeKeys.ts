// By which field the items of a list are told apart when lists merge; a list that is not named here is replaced whole.

const KEYS: Readonly<Record<string, string>> = {
  conditions: 'type',
  containers: 'name',
  env: 'name',
  ephemeralContainers: 'name',
  hostAliases: 'ip',
  imagePullSecrets: 'name',
  initContainers: 'name',
  ownerReferences: 'uid',
  podIPs: 'ip',
  secrets: 'name',
  topologySpreadConstraints: 'topologyKey',
  volumeDevices: 'devicePath',
  volumeMounts: 'mountPath',
  volumes: 'name',
};

const NODE_KEYS: Readonly<Record<string, string>> = { ...KEYS, addresses: 'type', taints: 'key' };
const SERVICE_KEYS: Readonly<Record<string, string>> = { ...KEYS, ports: 'port' };
const POD_KEYS: Readonly<Record<string, string>> = { ...KEYS, ports: 'containerPort' };
const KINDS_WITH_PODS = new Set([
  'Pod',
  'Deployment',
  'ReplicaSet',
  'ReplicationController',
  'StatefulSet',
  'DaemonSet',
]);
const BATCH_KINDS = new Set(['Job', 'CronJob']);

export type MergeKeys = Readonly<Record<string, string>>;

/** Lists of plain values that merge as sets. */
export const SETS: ReadonlySet<string> = new Set(['finalizers']);

export function mergeKeysOf(kind: string): MergeKeys {
  if (kind === 'Service') return SERVICE_KEYS;
  if (kind === 'Node') return NODE_KEYS;
  return KINDS_WITH_PODS.has(kind) || BATCH_KINDS.has(kind) ? POD_KEYS : KEYS;
}
