// Gathers the facts about a cluster: reads, and asks what the caller may do. Nothing is written.
import type { Call } from '../../lib/kube/kube';
import type { Look, Seen } from '../../lib/kube/look';
import type { KubeObject } from '../../lib/kube/objects';
import { deniedRights } from './denied';
import type { Component, Facts, InstalledKind, Platform, StorageClass, Workload } from './facts';
import { neededFeatures } from './features';

export interface Asked {
  readonly platform: Platform;
  readonly namespace: string;
  readonly functionsNamespace: string;
  readonly manifests: readonly KubeObject[];
}

interface Observer {
  readonly look: Look;
  readonly call: Call;
  readonly clock: () => Date;
}

type Items<T = KubeObject> = { readonly items?: readonly T[] };
type Labels = Readonly<Record<string, string>>;
type Resources = { readonly resources?: readonly { readonly name: string; readonly kind: string }[] };

const DEFAULT_CLASS = 'storageclass.kubernetes.io/is-default-class';
const VERSION = 'app.kubernetes.io/version';
const OPENFAAS = 'openfaas';

export async function observe(asked: Asked, observer: Observer): Promise<Facts> {
  const { platform, namespace, functionsNamespace, manifests } = asked;
  const { look, call } = observer;
  const read = async <T>(path: string): Promise<Seen<T>> => look.read<T>(path, call);
  const labels = async (name: string) => seenAs(read<KubeObject>(`/api/v1/namespaces/${name}`), labelsOf);
  const kinds = await servedKinds(manifests, read);
  const namespaceLabels = labels(namespace);
  return {
    platform,
    namespace,
    functionsNamespace,
    kinds,
    features: neededFeatures(manifests),
    singleNodeClaims: singleNodeClaims(manifests),
    ...(await inParallel({
      kubernetes: seenAs(read<{ gitVersion: string }>('/version'), ({ gitVersion }) => gitVersion),
      clockAheadSeconds: clockAhead(observer),
      namespaceLabels,
      functionsLabels: functionsNamespace === namespace ? namespaceLabels : labels(functionsNamespace),
      nodes: seenAs(read<Items>('/api/v1/nodes'), ({ items = [] }) => items.length),
      denied: deniedRights({ ...asked, kinds }, async (right) => look.mayDo(right, call)),
      storageClasses: seenAs(read<Items>('/apis/storage.k8s.io/v1/storageclasses'), classesOf),
      snapshotClasses: seenAs(read<Items>('/apis/snapshot.storage.k8s.io/v1/volumesnapshotclasses'), namesOf),
      daemonSets: seenAs(read<Items>('/apis/apps/v1/daemonsets'), namesOf),
      dns: readyDns(read),
      serving: component('knative-serving', 'config-features', read),
      eventing: component('knative-eventing', 'config-br-defaults', read),
      openfaas: workloadsIn(OPENFAAS, read),
    })),
  };
}

type Read = <T>(path: string) => Promise<Seen<T>>;

async function inParallel<T extends Readonly<Record<string, Promise<unknown>>>>(
  asked: T,
): Promise<{ [Name in keyof T]: Awaited<T[Name]> }> {
  const entries = Object.entries(asked).map(async ([name, answer]) => [name, await answer] as const);
  return Object.fromEntries(await Promise.all(entries)) as { [Name in keyof T]: Awaited<T[Name]> };
}

async function seenAs<T, U>(seen: Promise<Seen<T>>, view: (value: T) => U): Promise<Seen<U>> {
  const found = await seen;
  return found.outcome === 'found' ? { outcome: 'found', value: view(found.value) } : found;
}

/** An API group that is hidden is not served to this caller, either. */
async function servedKinds(manifests: readonly KubeObject[], read: Read): Promise<readonly InstalledKind[]> {
  const versions = [...new Set(manifests.map(({ apiVersion = '' }) => apiVersion))];
  const perVersion = versions.map(async (apiVersion) => {
    const served = await read<Resources>(`/${apiVersion.includes('/') ? 'apis' : 'api'}/${apiVersion}`);
    const resources = served.outcome === 'found' ? (served.value.resources ?? []) : [];
    const wanted = new Set(manifests.filter((each) => each.apiVersion === apiVersion).map(({ kind = '' }) => kind));
    return [...wanted].map((kind) => ({ apiVersion, kind, resource: pluralOf(resources, kind) }));
  });
  return (await Promise.all(perVersion)).flat();
}

/** Subresources have the kind of what they belong to. */
function pluralOf(resources: NonNullable<Resources['resources']>, kind: string): string | undefined {
  return resources.find((resource) => resource.kind === kind && !resource.name.includes('/'))?.name;
}

/** Compared with the middle of the request, and with the middle of the second that the cluster names. */
async function clockAhead({ look, call, clock }: Observer): Promise<number | undefined> {
  const sent = clock().getTime();
  const theirs = await look.serverTime(call);
  if (theirs === undefined) return undefined;
  const ours = (sent + clock().getTime()) / 2;
  return Math.round((ours - theirs.getTime() - 500) / 1000);
}

async function readyDns(read: Read): Promise<Seen<readonly number[]>> {
  const services = await read<Items>('/api/v1/services?labelSelector=k8s-app%3Dkube-dns');
  if (services.outcome !== 'found') return services;
  const ready = (services.value.items ?? []).map(async ({ metadata: { name = '', namespace = '' } = {} }) => {
    const selector = encodeURIComponent(`kubernetes.io/service-name=${name}`);
    const path = `/apis/discovery.k8s.io/v1/namespaces/${namespace}/endpointslices?labelSelector=${selector}`;
    const slices = await read<Items<EndpointSlice>>(path);
    return slices.outcome === 'found' ? (slices.value.items ?? []).flatMap(readyEndpoints).length : 0;
  });
  return { outcome: 'found', value: await Promise.all(ready) };
}

interface EndpointSlice {
  readonly endpoints?: readonly { readonly conditions?: { readonly ready?: boolean | null } }[] | null;
}

/** Unknown counts as ready: https://kubernetes.io/docs/concepts/services-networking/endpoint-slices/#conditions */
function readyEndpoints({ endpoints }: EndpointSlice): readonly object[] {
  return (endpoints ?? []).filter(({ conditions }) => conditions?.ready !== false);
}

async function component(namespace: string, settings: string, read: Read): Promise<Component> {
  return inParallel({
    version: seenAs(read<KubeObject>(`/api/v1/namespaces/${namespace}`), (object) => labelsOf(object)[VERSION] ?? ''),
    workloads: workloadsIn(namespace, read),
    settings: seenAs(
      read<{ data?: Labels }>(`/api/v1/namespaces/${namespace}/configmaps/${settings}`),
      ({ data = {} }) => data,
    ),
  });
}

interface Deployment extends KubeObject {
  readonly spec?: { readonly template?: { readonly spec?: { readonly containers?: readonly { image?: string }[] } } };
  readonly status?: { readonly conditions?: readonly { readonly type: string; readonly status: string }[] };
}

/** An empty list may be of a namespace that is not there. */
async function workloadsIn(namespace: string, read: Read): Promise<Seen<readonly Workload[]>> {
  const list = read<Items<Deployment>>(`/apis/apps/v1/namespaces/${namespace}/deployments`);
  return seenAs(list, ({ items = [] }) => items.map(workloadOf));
}

function workloadOf({ metadata, spec, status }: Deployment): Workload {
  const available = status?.conditions?.find(({ type }) => type === 'Available');
  return { name: metadata?.name ?? '', image: imageOf(spec), isAvailable: available?.status === 'True' };
}

/** Of the first container: those that we ask for have no other. */
function imageOf(spec: Deployment['spec']): string {
  return spec?.template?.spec?.containers?.[0]?.image ?? '';
}

function classesOf({ items = [] }: Items): readonly StorageClass[] {
  return items.map(({ metadata, reclaimPolicy }) => ({
    name: metadata?.name ?? '',
    isDefault: metadata?.annotations?.[DEFAULT_CLASS] === 'true',
    reclaimPolicy: typeof reclaimPolicy === 'string' ? reclaimPolicy : 'Delete',
  }));
}

function namesOf({ items = [] }: Items): readonly string[] {
  return items.map(({ metadata }) => metadata?.name ?? '');
}

function labelsOf({ metadata }: KubeObject): Labels {
  return metadata?.labels ?? {};
}

function singleNodeClaims(manifests: readonly KubeObject[]): readonly string[] {
  const claims = manifests.filter(({ kind }) => kind === 'PersistentVolumeClaim');
  return claims
    .filter((claim) => !modesOf(claim).some((mode) => mode.endsWith('Many')))
    .map(({ metadata }) => metadata?.name ?? '');
}

function modesOf({ spec }: KubeObject): readonly string[] {
  return (spec as { accessModes?: readonly string[] } | undefined)?.accessModes ?? [];
}
