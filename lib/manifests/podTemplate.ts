// Where the pod is inside a manifest: its own spec, a template, or a CronJob's template of a template.
import type { KubeObject, ObjectMeta } from '../kube/objects';
import { isRecord } from '../record';

export interface Container {
  readonly name?: string;
  readonly securityContext?: { readonly privileged?: boolean };
  readonly [field: string]: unknown;
}

export interface PodSpec {
  readonly containers?: readonly Container[];
  readonly initContainers?: readonly Container[];
  readonly ephemeralContainers?: readonly Container[];
  readonly volumes?: readonly {
    readonly name?: string;
    readonly hostPath?: unknown;
    readonly [field: string]: unknown;
  }[];
  readonly hostNetwork?: boolean;
  readonly hostPID?: boolean;
  readonly hostIPC?: boolean;
  readonly [field: string]: unknown;
}

export interface PodTemplate {
  readonly metadata?: ObjectMeta;
  readonly spec?: PodSpec;
}

const TEMPLATE_PATHS: Readonly<Record<string, readonly string[]>> = {
  Pod: [],
  Deployment: ['spec', 'template'],
  ReplicaSet: ['spec', 'template'],
  StatefulSet: ['spec', 'template'],
  DaemonSet: ['spec', 'template'],
  Job: ['spec', 'template'],
  CronJob: ['spec', 'jobTemplate', 'spec', 'template'],
};

/** The pod template of a manifest and the path to it (`spec.template.`), or undefined where there are no pods. */
export function podTemplate(manifest: KubeObject): { readonly pod: PodTemplate; readonly path: string } | undefined {
  const steps = TEMPLATE_PATHS[manifest.kind ?? ''];
  if (steps === undefined) return undefined;
  let value: unknown = manifest;
  for (const step of steps) value = isRecord(value) ? value[step] : undefined;
  return isRecord(value) ? { pod: value, path: steps.map((step) => `${step}.`).join('') } : undefined;
}

/** The manifest with its pod template replaced; the manifest itself where there is none. */
export function withPodTemplate(manifest: KubeObject, change: (pod: PodTemplate) => PodTemplate): KubeObject {
  const steps = TEMPLATE_PATHS[manifest.kind ?? ''];
  if (steps === undefined || podTemplate(manifest) === undefined) return manifest;
  const replaced = (value: Record<string, unknown>, [step, ...rest]: readonly string[]): Record<string, unknown> =>
    step === undefined
      ? { ...change(value) }
      : { ...value, [step]: replaced(value[step] as Record<string, unknown>, rest) };
  return replaced({ ...manifest }, steps);
}
