// Defaults of pods, alone or in a template.
import type { KubeObject } from '../../../../lib/kube/objects';
import { at, fields, isFields, items, text, type Fields } from '../json';

const POD_SPEC = {
  restartPolicy: 'Always',
  terminationGracePeriodSeconds: 30,
  dnsPolicy: 'ClusterFirst',
  securityContext: {},
  schedulerName: 'default-scheduler',
};

/** What admission adds to a pod, but not to a template. */
const ADMITTED_POD_SPEC = {
  serviceAccountName: 'default',
  enableServiceLinks: true,
  preemptionPolicy: 'PreemptLowerPriority',
  priority: 0,
};

const PROBE = { timeoutSeconds: 1, periodSeconds: 10, successThreshold: 1, failureThreshold: 3 };
const PROBES = ['livenessProbe', 'readinessProbe', 'startupProbe'];

/** Volume sources whose files have a mode of their own. */
const SOURCES_WITH_MODE = ['secret', 'configMap', 'projected', 'downwardAPI'];
const DEFAULT_MODE = 0o644;

export function podDefaults(pod: KubeObject): KubeObject {
  if (!isFields(pod.spec)) return pod;
  const spec: Fields = { ...ADMITTED_POD_SPEC, ...defaultPodSpec(pod.spec) };
  const serviceAccount = spec.serviceAccountName;
  const status = { phase: 'Pending', qosClass: qosClassOf(spec), ...fields(pod.status) };
  return { ...pod, spec: { ...spec, serviceAccount }, status };
}

export function defaultPodSpec(spec: Fields): Fields {
  const containers = ['containers', 'initContainers'].filter((field) => Array.isArray(spec[field]));
  const defaulted = containers.map((field) => [field, items(spec[field]).map(defaultContainer)]);
  const volumes = Array.isArray(spec.volumes) ? { volumes: spec.volumes.map(defaultVolume) } : {};
  return { ...POD_SPEC, ...spec, ...volumes, ...(Object.fromEntries(defaulted) as Fields) };
}

function defaultContainer(value: unknown): unknown {
  if (!isFields(value)) return value;
  const probes = PROBES.filter((field) => isFields(value[field])).map((field) => [field, defaultProbe(value[field])]);
  return {
    imagePullPolicy: isLatest(text(value.image)) ? 'Always' : 'IfNotPresent',
    terminationMessagePath: '/dev/termination-log',
    terminationMessagePolicy: 'File',
    ...value,
    resources: defaultResources(fields(value.resources)),
    ...(Array.isArray(value.ports) ? { ports: value.ports.map(defaultPort) } : {}),
    ...(Array.isArray(value.env) ? { env: value.env.map(defaultEnv) } : {}),
    ...(Object.fromEntries(probes) as Fields),
  };
}

function isLatest(image: string): boolean {
  const tag = /:([^:/@]+)(@|$)/.exec(image)?.[1];
  return image.includes('@') ? false : tag === undefined || tag === 'latest';
}

function defaultPort(port: unknown): unknown {
  return isFields(port) ? { protocol: 'TCP', ...port } : port;
}

function defaultEnv(variable: unknown): unknown {
  const fieldRef = at(variable, 'valueFrom', 'fieldRef');
  if (!isFields(fieldRef)) return variable;
  return { ...fields(variable), valueFrom: { fieldRef: { apiVersion: 'v1', ...fieldRef } } };
}

/** A limit without a request asks for as much as it allows. */
function defaultResources(resources: Fields): Fields {
  if (!isFields(resources.limits)) return resources;
  return { ...resources, requests: { ...resources.limits, ...fields(resources.requests) } };
}

function defaultProbe(probe: unknown): Fields {
  const given = fields(probe);
  const httpGet = isFields(given.httpGet) ? { httpGet: { path: '/', scheme: 'HTTP', ...given.httpGet } } : {};
  return { ...PROBE, ...given, ...httpGet };
}

function defaultVolume(volume: unknown): unknown {
  if (!isFields(volume)) return volume;
  if (Object.keys(volume).length === 1 && 'name' in volume) return { ...volume, emptyDir: {} };
  const source = SOURCES_WITH_MODE.find((field) => isFields(volume[field]));
  return source === undefined
    ? volume
    : { ...volume, [source]: { defaultMode: DEFAULT_MODE, ...fields(volume[source]) } };
}

function qosClassOf(spec: Fields): string {
  const all = [...items(spec.containers), ...items(spec.initContainers)].map((container) => at(container, 'resources'));
  const amounts = all.map((resources) => ({
    requests: fields(at(resources, 'requests')),
    limits: fields(at(resources, 'limits')),
  }));
  if (amounts.every(({ requests, limits }) => asksNothing(requests) && asksNothing(limits))) return 'BestEffort';
  const isGuaranteed = amounts.every(({ requests, limits }) =>
    ['cpu', 'memory'].every((name) => limits[name] !== undefined && limits[name] === requests[name]),
  );
  return isGuaranteed ? 'Guaranteed' : 'Burstable';
}

function asksNothing({ cpu, memory }: Fields): boolean {
  return cpu === undefined && memory === undefined;
}
