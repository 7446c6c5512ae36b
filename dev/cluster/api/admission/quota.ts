// ResourceQuota: how many objects of a kind, and how much of the pods' resources, a namespace may hold.
import type { KubeObject } from '../../../../lib/kube/objects';
import { qualifiedName, resourceType, RESOURCE_TYPES, type ResourceType } from '../../resources';
import type { Store } from '../../store';
import { at, fields, text, type Fields } from '../json';
import { formatQuantity, parseQuantity } from '../../../../lib/quantity';
import { forbidden } from '../status';
import { usageOfPod } from './podUsage';

type Usage = ReadonlyMap<string, number>;

const QUOTA = resourceType('v1', 'ResourceQuota');
const NAMED_WITHOUT_COUNT = new Set([
  'configmaps',
  'persistentvolumeclaims',
  'replicationcontrollers',
  'resourcequotas',
  'secrets',
  'services',
]);

export function admitQuota(store: Store, type: ResourceType, object: KubeObject): void {
  const quotas = type.namespaced ? store.list(QUOTA, object.metadata?.namespace ?? '') : [];
  for (const quota of quotas) admitTo(quota, { type, object, used: usedOf(store, quota) });
}

/** Keeps `status.used` of every quota true to the store. */
export function trackQuotas(store: Store): () => void {
  return store.watch(({ resource, object }) => {
    const namespace = object.metadata?.namespace;
    if (namespace === undefined || !resource.namespaced) return;
    for (const quota of store.list(QUOTA, namespace)) {
      const hard = fields(at(quota.spec, 'hard'));
      store.update(QUOTA, { ...quota, status: { hard, used: usedOf(store, quota) } }, 'status');
    }
  });
}

interface Addition {
  readonly type: ResourceType;
  readonly object: KubeObject;
  readonly used: Fields;
}

function admitTo(quota: KubeObject, { type, object, used }: Addition): void {
  const hard = fields(at(quota.spec, 'hard'));
  const requested = usageOf(type, object);
  const isExceeded = (name: string): boolean =>
    parseQuantity(used[name]) + (requested.get(name) ?? 0) > parseQuantity(hard[name]);
  const exceeded = Object.keys(hard).filter((name) => (requested.get(name) ?? 0) > 0 && isExceeded(name));
  if (exceeded.length === 0) return;
  const list = (values: (name: string) => unknown): string =>
    exceeded
      .toSorted()
      .map((name) => `${name}=${text(values(name))}`)
      .join(',');
  const want = list((name) => formatQuantity(name, requested.get(name) ?? 0));
  const limits = `used: ${list((name) => used[name])}, limited: ${list((name) => String(hard[name]))}`;
  const why = `exceeded quota: ${quota.metadata?.name}, requested: ${want}, ${limits}`;
  throw forbidden(type, object.metadata?.name ?? '', why);
}

/** What a namespace uses of what the quota limits. */
function usedOf(store: Store, quota: KubeObject): Fields {
  const names = Object.keys(fields(at(quota.spec, 'hard')));
  const namespace = quota.metadata?.namespace ?? '';
  const types = RESOURCE_TYPES.filter((type) => type.namespaced && names.some((name) => concerns(type, name)));
  const usages = types.flatMap((type) => store.list(type, namespace).map((object) => usageOf(type, object)));
  const sum = (name: string): number => usages.reduce((total, usage) => total + (usage.get(name) ?? 0), 0);
  return Object.fromEntries(names.map((name) => [name, formatQuantity(name, sum(name))]));
}

function concerns(type: ResourceType, name: string): boolean {
  if (name === `count/${qualifiedName(type)}` || name === type.plural) return true;
  const isOfPods = /^(requests\.|limits\.)?(cpu|memory)$/.test(name);
  return isOfPods ? type.kind === 'Pod' : name === 'requests.storage' && type.kind === 'PersistentVolumeClaim';
}

function usageOf(type: ResourceType, object: KubeObject): Usage {
  const usage = new Map([[`count/${qualifiedName(type)}`, 1]]);
  if (NAMED_WITHOUT_COUNT.has(qualifiedName(type))) usage.set(type.plural, 1);
  if (type.kind === 'PersistentVolumeClaim') {
    usage.set('requests.storage', parseQuantity(at(object.spec, 'resources', 'requests', 'storage')));
  }
  if (type.kind !== 'Pod') return usage;
  return new Map([...usage, ...usageOfPod(object)]);
}
