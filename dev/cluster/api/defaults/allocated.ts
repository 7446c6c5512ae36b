// What the cluster chose when an object was made stays, also when a client replaces the object without saying it.
import type { KubeObject } from '../../../../lib/kube/objects';
import { at, fields, isFields, type Fields } from '../json';

const KEPT: Readonly<Record<string, readonly string[]>> = {
  Service: ['clusterIP', 'clusterIPs', 'ipFamilies', 'ipFamilyPolicy'],
  PersistentVolumeClaim: ['volumeName', 'storageClassName'],
  Job: ['selector'],
  Pod: ['nodeName'],
};

const JOB_LABELS = ['batch.kubernetes.io/controller-uid', 'batch.kubernetes.io/job-name', 'controller-uid', 'job-name'];

export function keepAllocated(current: KubeObject, object: KubeObject): KubeObject {
  const kept = KEPT[current.kind ?? ''];
  const identified = { ...object, metadata: { ...uidOf(current), ...object.metadata } };
  if (kept === undefined || !isFields(object.spec) || isExternalName(object.spec)) return identified;
  const was = fields(current.spec);
  const missing = kept.filter((field) => fields(object.spec)[field] === undefined && was[field] !== undefined);
  const spec = { ...object.spec, ...(Object.fromEntries(missing.map((field) => [field, was[field]])) as Fields) };
  return { ...identified, spec: current.kind === 'Job' ? withJobLabels(was, spec) : spec };
}

/** Defaults refer to the uid; a wrong one is still refused by the store. */
function uidOf(current: KubeObject): { uid?: string } {
  return current.metadata?.uid === undefined ? {} : { uid: current.metadata.uid };
}

function isExternalName(spec: unknown): boolean {
  return at(spec, 'type') === 'ExternalName';
}

function withJobLabels(was: Fields, spec: Fields): Fields {
  const old = fields(at(was, 'template', 'metadata', 'labels'));
  const template = fields(spec.template);
  const metadata = fields(template.metadata);
  const own = Object.fromEntries(JOB_LABELS.filter((name) => name in old).map((name) => [name, old[name]]));
  return {
    ...spec,
    template: { ...template, metadata: { ...metadata, labels: { ...fields(metadata.labels), ...own } } },
  };
}
