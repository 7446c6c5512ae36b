// What a Service must satisfy.
import type { KubeObject } from '../../../../lib/kube/objects';
import { at, fields, items, text, type Fields } from '../json';
import { portRangeFaults } from './container';
import { duplicate, notSupported, required, type Fault } from './fault';

const TYPES = ['ClusterIP', 'ExternalName', 'LoadBalancer', 'NodePort'];
const PROTOCOLS = ['SCTP', 'TCP', 'UDP'];

export function serviceFaults({ spec }: KubeObject): Fault[] {
  const type = text(at(spec, 'type'));
  const ports = items(at(spec, 'ports')).map(fields);
  const isHeadless = at(spec, 'clusterIP') === 'None';
  const needsPorts = ports.length === 0 && !isHeadless && type !== 'ExternalName';
  return [
    ...(needsPorts ? [required('spec.ports')] : []),
    ...ports.flatMap((port, index) => portFaults(port, `spec.ports[${index}]`, ports.length > 1)),
    ...repeatedPorts(ports),
    ...(TYPES.includes(type) ? [] : [notSupported('spec.type', type, TYPES)]),
    ...(type === 'ExternalName' && text(at(spec, 'externalName')) === '' ? [required('spec.externalName')] : []),
  ];
}

function portFaults({ name, port, protocol }: Fields, path: string, needsName: boolean): Fault[] {
  const isProtocol = PROTOCOLS.includes(text(protocol));
  return [
    ...(needsName && text(name) === '' ? [required(`${path}.name`)] : []),
    ...portRangeFaults(port ?? 0, `${path}.port`),
    ...(isProtocol ? [] : [notSupported(`${path}.protocol`, protocol, PROTOCOLS)]),
  ];
}

function repeatedPorts(ports: readonly Fields[]): Fault[] {
  const keys = ports.map(({ port, protocol }) => `${String(port)}/${text(protocol)}`);
  const names = ports.map(({ name }) => text(name));
  return ports.flatMap(({ port, protocol, name }, index) => [
    ...(names.indexOf(text(name)) < index && text(name) !== '' ? [duplicate(`spec.ports[${index}].name`, name)] : []),
    ...(keys.indexOf(keys[index] ?? '') < index ? [duplicate(`spec.ports[${index}]`, { protocol, port })] : []),
  ]);
}
