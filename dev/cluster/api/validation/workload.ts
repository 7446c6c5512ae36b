// What Deployments and their like must satisfy: above all, that they select the pods which they make.
import type { KubeObject } from '../../../../lib/kube/objects';
import { at, count, fields, isFields, items, type Fields } from '../json';
import { invalidValue, notSupported, required, type Fault } from './fault';
import { labelFaults } from './metadata';
import { podSpecFaults } from './podSpec';

type Labels = Readonly<Record<string, string>>;

export const workloadFaults: Readonly<Record<string, (object: KubeObject) => Fault[]>> = {
  Deployment: (object) => faultsOf(object, 'deployment'),
  ReplicaSet: (object) => faultsOf(object, 'deployment'),
  StatefulSet: (object) => faultsOf(object, 'statefulset'),
  DaemonSet: (object) => faultsOf(object, 'daemonset'),
};

function faultsOf(object: KubeObject, noun: string): Fault[] {
  const spec = fields(object.spec);
  return [...replicaFaults(spec), ...selectorFaults(spec, noun), ...templateFaults(spec)];
}

function replicaFaults({ replicas }: Fields): Fault[] {
  return count(replicas) < 0 ? [invalidValue('spec.replicas', replicas, 'must be greater than or equal to 0')] : [];
}

function selectorFaults(spec: Fields, noun: string): Fault[] {
  const { selector } = spec;
  const labels = fields(at(spec, 'template', 'metadata', 'labels')) as Labels;
  const mismatch = invalidValue('spec.template.metadata.labels', labels, '`selector` does not match template `labels`');
  if (!isFields(selector)) return [required('spec.selector'), mismatch];
  const isEmpty =
    items(selector.matchExpressions).length === 0 && Object.keys(fields(selector.matchLabels)).length === 0;
  if (isEmpty) return [invalidValue('spec.selector', selector, `empty selector is invalid for ${noun}`)];
  return selects(selector, labels) ? [] : [mismatch];
}

/** A LabelSelector as objects carry it. */
export function selects(selector: Fields, labels: Labels): boolean {
  const equal = Object.entries(fields(selector.matchLabels)).every(([key, value]) => labels[key] === value);
  return (
    equal &&
    items(selector.matchExpressions)
      .map(fields)
      .every((one) => meets(one, labels))
  );
}

function meets({ key, operator, values }: Fields, labels: Labels): boolean {
  const label = labels[String(key)];
  switch (operator) {
    case 'In':
      return items(values).includes(label);
    case 'NotIn':
      return !items(values).includes(label);
    case 'Exists':
      return label !== undefined;
    default:
      return label === undefined;
  }
}

function templateFaults({ template }: Fields): Fault[] {
  const spec = fields(at(template, 'spec'));
  const labels = fields(at(template, 'metadata', 'labels')) as Labels;
  const policy = spec.restartPolicy;
  const isOther = policy !== undefined && policy !== 'Always';
  return [
    ...labelFaults(labels, 'spec.template.metadata.labels'),
    ...podSpecFaults({ restartPolicy: 'Always', ...spec }, 'spec.template.spec'),
    ...(isOther ? [notSupported('spec.template.spec.restartPolicy', policy, ['Always'])] : []),
  ];
}
