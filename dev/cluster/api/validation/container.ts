// What a container must satisfy.
import { at, fields, items, text, type Fields } from '../json';
import { isQuantity, parseQuantity } from '../../../../lib/quantity';
import { invalidValue, notFoundValue, notSupported, required, type Fault } from './fault';
import { isDnsLabel, isEnvName } from './names';

const PULL_POLICIES = ['Always', 'IfNotPresent', 'Never'];
const PROTOCOLS = ['SCTP', 'TCP', 'UDP'];

export function containerFaults(container: Fields, path: string, volumes: readonly string[]): Fault[] {
  const name = text(container.name);
  const ofName =
    name === '' ? [required(`${path}.name`)] : isDnsLabel(name).map((says) => invalidValue(`${path}.name`, name, says));
  const policy = text(container.imagePullPolicy);
  return [
    ...ofName,
    ...imageFaults(text(container.image), `${path}.image`),
    ...(PULL_POLICIES.includes(policy) ? [] : [notSupported(`${path}.imagePullPolicy`, policy, PULL_POLICIES)]),
    ...items(container.ports).flatMap((port, index) => portFaults(fields(port), `${path}.ports[${index}]`)),
    ...items(container.env).flatMap((variable, index) => envFaults(fields(variable), `${path}.env[${index}]`)),
    ...resourceFaults(fields(container.resources), `${path}.resources`),
    ...mountFaults(items(container.volumeMounts).map(fields), `${path}.volumeMounts`, volumes),
  ];
}

function imageFaults(image: string, path: string): Fault[] {
  if (image === '') return [required(path)];
  return image === image.trim() ? [] : [invalidValue(path, image, 'must not have leading or trailing whitespace')];
}

function portFaults({ containerPort, protocol }: Fields, path: string): Fault[] {
  const field = `${path}.containerPort`;
  const ofPort = containerPort === undefined ? [required(field)] : portRangeFaults(containerPort, field);
  const ofProtocol = PROTOCOLS.includes(text(protocol)) ? [] : [notSupported(`${path}.protocol`, protocol, PROTOCOLS)];
  return [...ofPort, ...ofProtocol];
}

export function portRangeFaults(port: unknown, field: string): Fault[] {
  const isPort = typeof port === 'number' && Number.isInteger(port) && port >= 1 && port <= 65_535;
  return isPort ? [] : [invalidValue(field, port, 'must be between 1 and 65535, inclusive')];
}

function envFaults({ name, value, valueFrom }: Fields, path: string): Fault[] {
  const field = `${path}.name`;
  const ofName =
    text(name) === '' ? [required(field)] : isEnvName(text(name)).map((says) => invalidValue(field, name, says));
  const isDouble = text(value) !== '' && valueFrom !== undefined;
  return isDouble
    ? [...ofName, invalidValue(`${path}.valueFrom`, '', 'may not be specified when `value` is not empty')]
    : ofName;
}

function resourceFaults({ requests, limits }: Fields, path: string): Fault[] {
  return Object.entries(fields(requests)).flatMap(([name, request]) => {
    const limit = at(limits, name);
    if (!isQuantity(limit) || parseQuantity(request) <= parseQuantity(limit)) return [];
    return [
      invalidValue(`${path}.requests`, request, `must be less than or equal to ${name} limit of ${String(limit)}`),
    ];
  });
}

function mountFaults(mounts: readonly Fields[], path: string, volumes: readonly string[]): Fault[] {
  const paths = mounts.map(({ mountPath }) => text(mountPath));
  return mounts.flatMap(({ name, mountPath }, index) => {
    const field = `${path}[${index}]`;
    const ofName = text(name) === '' ? [required(`${field}.name`)] : [];
    const unknown = text(name) !== '' && !volumes.includes(text(name)) ? [notFoundValue(`${field}.name`, name)] : [];
    const ofPath = text(mountPath) === '' ? [required(`${field}.mountPath`)] : [];
    const repeated = text(mountPath) !== '' && paths.indexOf(text(mountPath)) < index;
    const unique = repeated ? [invalidValue(`${field}.mountPath`, mountPath, 'must be unique')] : [];
    return [...ofName, ...unknown, ...ofPath, ...unique];
  });
}
