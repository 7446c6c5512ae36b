// Makes kubernetes.json anew from the Go types of Kubernetes:
//   node dev/cluster/api/schema/fromGoTypes.mjs ~/go/pkg/mod/k8s.io 0.34.4
// The folder is that of Go's modules, holding api@v<version> and apimachinery@v<version> (`go mod download k8s.io/api@v0.34.4`).
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const KINDS = {
  core: 'Pod Service ConfigMap Secret Namespace Event ServiceAccount PersistentVolumeClaim PersistentVolume Endpoints Node ResourceQuota ReplicationController Binding',
  apps: 'Deployment ReplicaSet StatefulSet DaemonSet',
  batch: 'Job CronJob',
  networking: 'Ingress NetworkPolicy',
  rbac: 'Role RoleBinding ClusterRole ClusterRoleBinding',
  events: 'Event',
  discovery: 'EndpointSlice',
  coordination: 'Lease',
  policy: 'PodDisruptionBudget Eviction',
  authorization: 'SelfSubjectAccessReview',
  meta: 'DeleteOptions',
};

/** Import names in Go's files that differ from the package's. */
const PACKAGES = { v1: 'core', corev1: 'core', metav1: 'meta' };
const SPECIAL = {
  Time: 'time',
  MicroTime: 'time',
  Quantity: 'quantity',
  IntOrString: 'intOrString',
  FieldsV1: 'json',
  RawExtension: 'json',
  Duration: 'duration',
};
const SCALARS = {
  '[]byte': 'y',
  string: 's',
  bool: 'b',
  int: 'i',
  int32: 'i',
  int64: 'i',
  uint32: 'i',
  float64: 'f',
  UID: 's',
};

function main([modules, version]) {
  if (version === undefined) throw new Error('usage: fromGoTypes.mjs FOLDER-OF-MODULES VERSION');
  const packages = new Map(Object.keys(KINDS).map((name) => [name, readPackage(modules, version, name)]));
  const table = tableOf(packages);
  const sorted = Object.fromEntries([...table].toSorted(([a], [b]) => (a < b ? -1 : 1)));
  writeFileSync(new URL('kubernetes.json', import.meta.url), `${JSON.stringify(sorted, undefined, 2)}\n`);
}

/** The structs of a package by name, and what other types are made of. */
function readPackage(modules, version, name) {
  const path = name === 'meta' ? `apimachinery@v${version}/pkg/apis/meta/v1` : `api@v${version}/${name}/v1`;
  const folder = join(modules, path);
  const files = readdirSync(folder).filter((file) => /types.*\.go$/.test(file) && !file.includes('generated'));
  const source = files.map((file) => readFileSync(join(folder, file), 'utf8')).join('');
  const structs = source.matchAll(/^type (\w+) struct \{\n([^]*?)^\}/gm);
  const aliases = source.matchAll(/^type (\w+) (?:= )?((?!struct)\S+)\n/gm);
  return {
    structs: new Map([...structs].map(([, type, body]) => [type, body])),
    aliases: new Map([...aliases].map(([, type, target]) => [type, target])),
  };
}

/** All kinds with every type that their fields reach. */
function tableOf(packages) {
  const table = new Map();
  const messages = new Map();
  /** A name that two packages use is the first one's; the other's says where it is from. */
  const messageOf = (place, type) => {
    const known = messages.get(`${place}.${type}`) ?? (table.has(type) ? `${place}.${type}` : type);
    messages.set(`${place}.${type}`, known);
    return known;
  };
  const visit = (place, type) => {
    const message = messageOf(place, type);
    if (table.has(message)) return message;
    table.set(message, '');
    const lines = packages.get(place).structs.get(type).split('\n');
    table.set(message, lines.flatMap((line) => fieldOf(line, (goType) => notation(goType, place))).join('; '));
    return message;
  };
  const notation = (goType, place) => {
    const [, pointer, prefix, rest] = /^(\*?)(\[\](?!byte$)|map\[[\w.]+\]|)(.+)$/.exec(goType);
    if (pointer !== '') return `${notation(goType.slice(1), place).replace(/\?$/, '')}?`;
    if (prefix !== '') return `${prefix === '[]' ? '[]' : '{}'}${notation(rest, place)}`;
    const [type, from] = goType.split('.').toReversed();
    const home = from === undefined ? place : (PACKAGES[from] ?? from);
    const alias = packages.get(home)?.aliases.get(type);
    return SPECIAL[type] ?? SCALARS[type] ?? (alias === undefined ? visit(home, type) : notation(alias, home));
  };
  for (const [place, kinds] of Object.entries(KINDS)) for (const kind of kinds.split(' ')) visit(place, kind);
  return table;
}

/** `12 name []Type?`; fields without a protobuf number are Go's own affair. */
function fieldOf(line, notation) {
  const [, goType, json, number] = /^\s+(?:\w+\s+)?(\S+)\s+`json:"([^"]*)".*protobuf:"\w+,(\d+),/.exec(line) ?? [];
  if (number === undefined) return [];
  const [name, ...options] = json.split(',');
  return [`${number} ${options.includes('inline') ? '^' : name} ${notation(goType)}`];
}

main(process.argv.slice(2));
