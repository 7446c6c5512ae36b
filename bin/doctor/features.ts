// Which feature flags of Knative Serving the manifests need: fields of a pod that it refuses unless an operator allows them. Pure.
// https://knative.dev/docs/serving/configuration/feature-flags/
import type { KubeObject } from '../../lib/kube/objects';

type Fields = Readonly<Record<string, unknown>>;

const POD_FIELDS: Readonly<Record<string, string>> = {
  affinity: 'kubernetes.podspec-affinity',
  topologySpreadConstraints: 'kubernetes.podspec-topologyspreadconstraints',
  hostAliases: 'kubernetes.podspec-hostaliases',
  nodeSelector: 'kubernetes.podspec-nodeselector',
  runtimeClassName: 'kubernetes.podspec-runtimeclassname',
  securityContext: 'kubernetes.podspec-securitycontext',
  shareProcessNamespace: 'kubernetes.podspec-shareprocessnamespace',
  priorityClassName: 'kubernetes.podspec-priorityclassname',
  schedulerName: 'kubernetes.podspec-schedulername',
  tolerations: 'kubernetes.podspec-tolerations',
  initContainers: 'kubernetes.podspec-init-containers',
  dnsPolicy: 'kubernetes.podspec-dnspolicy',
  dnsConfig: 'kubernetes.podspec-dnsconfig',
};
/** Those that Knative allows when its ConfigMap does not mention them. */
export const ON_BY_DEFAULT: ReadonlySet<string> = new Set(['kubernetes.podspec-volumes-emptydir', 'multi-container']);

/** Sorted, each once. */
export function neededFeatures(manifests: readonly KubeObject[]): readonly string[] {
  const services = manifests.filter(
    ({ apiVersion = '', kind }) => kind === 'Service' && apiVersion.startsWith('serving.knative.dev/'),
  );
  return [...new Set(services.flatMap((service) => featuresOf(podOf(service))))].toSorted();
}

function podOf({ spec }: KubeObject): Fields {
  return ((spec as { template?: { spec?: Fields } } | undefined)?.template?.spec ?? {}) satisfies Fields;
}

function featuresOf(pod: Fields): readonly string[] {
  const containers = listOf(pod['containers']);
  return [
    ...Object.keys(POD_FIELDS).flatMap((field) => (pod[field] === undefined ? [] : [POD_FIELDS[field] ?? ''])),
    ...listOf(pod['volumes']).flatMap(volumeFeatures),
    ...containers.flatMap(containerFeatures),
    ...(containers.length > 1 ? ['multi-container'] : []),
  ];
}

function volumeFeatures({ emptyDir, persistentVolumeClaim: claim }: Fields): readonly string[] {
  if (emptyDir !== undefined) return ['kubernetes.podspec-volumes-emptydir'];
  if (claim === undefined) return [];
  const isWritten = (claim as { readOnly?: boolean }).readOnly !== true;
  const mounted = 'kubernetes.podspec-persistent-volume-claim';
  return isWritten ? [mounted, 'kubernetes.podspec-persistent-volume-write'] : [mounted];
}

function containerFeatures({ env, securityContext }: Fields): readonly string[] {
  const readsFields = listOf(env).some(({ valueFrom }) => {
    const source = (valueFrom ?? {}) as Fields;
    return source['fieldRef'] !== undefined || source['resourceFieldRef'] !== undefined;
  });
  const { capabilities } = (securityContext ?? {}) as { capabilities?: { add?: readonly string[] } };
  return [
    ...(readsFields ? ['kubernetes.podspec-fieldref'] : []),
    ...(capabilities?.add === undefined ? [] : ['kubernetes.containerspec-addcapabilities']),
  ];
}

function listOf(value: unknown): readonly Fields[] {
  return Array.isArray(value) ? (value as readonly Fields[]) : [];
}
