// What a pod's spec must satisfy, alone or in a template.
import { at, fields, items, text, type Fields } from '../json';
import { containerFaults } from './container';
import { duplicate, invalidValue, notSupported, required, type Fault } from './fault';
import { isDnsLabel } from './names';

const RESTART_POLICIES = ['Always', 'Never', 'OnFailure'];

export function podSpecFaults(spec: Fields, path: string): Fault[] {
  const volumes = items(spec.volumes).map((volume) => text(at(volume, 'name')));
  const containers = items(spec.containers).map(fields);
  const initContainers = items(spec.initContainers).map(fields);
  return [
    ...volumeFaults(volumes, `${path}.volumes`),
    ...(containers.length === 0 ? [required(`${path}.containers`)] : []),
    ...containers.flatMap((one, index) => containerFaults(one, `${path}.containers[${index}]`, volumes)),
    ...initContainers.flatMap((one, index) => containerFaults(one, `${path}.initContainers[${index}]`, volumes)),
    ...repeatedNames(containers, `${path}.containers`),
    ...repeatedNames(initContainers, `${path}.initContainers`),
    ...restartPolicyFaults(spec.restartPolicy, path),
    ...deadlineFaults(spec.activeDeadlineSeconds, path),
  ];
}

function volumeFaults(names: readonly string[], path: string): Fault[] {
  return names.flatMap((name, index) => {
    const field = `${path}[${index}].name`;
    if (name === '') return [required(field)];
    const repeated = names.indexOf(name) < index ? [duplicate(field, name)] : [];
    return [...isDnsLabel(name).map((says) => invalidValue(field, name, says)), ...repeated];
  });
}

function repeatedNames(containers: readonly Fields[], path: string): Fault[] {
  const names = containers.map(({ name }) => name);
  return names.flatMap((name, index) =>
    text(name) !== '' && names.indexOf(name) < index ? [duplicate(`${path}[${index}].name`, name)] : [],
  );
}

function restartPolicyFaults(policy: unknown, path: string): Fault[] {
  return RESTART_POLICIES.includes(text(policy))
    ? []
    : [notSupported(`${path}.restartPolicy`, policy, RESTART_POLICIES)];
}

function deadlineFaults(seconds: unknown, path: string): Fault[] {
  if (seconds === undefined || (typeof seconds === 'number' && seconds >= 1)) return [];
  return [invalidValue(`${path}.activeDeadlineSeconds`, seconds, 'must be between 1 and 2147483647, inclusive')];
}
