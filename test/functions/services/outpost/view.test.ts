import { serviceAddress } from '../../../../functions/services/outpost/view';
import type { KubeObject } from '../../../../lib/kube/objects';

const place = { id: 'lab-1', namespace: 'hub', domain: 'svc' };
const service = (name: string, ...ports: readonly number[]): KubeObject => {
  return { kind: 'Service', metadata: { name }, spec: { ports: ports.map((port) => ({ port })) } };
};

const ADDRESSES = [
  {
    of: 'the conventional one',
    objects: [service('other', 1), service('svc-lab-1', 8080, 9090)],
    address: 'svc-lab-1.hub.svc:8080',
  },
  { of: 'the only one', objects: [service('web', 80), { kind: 'ConfigMap' }], address: 'web.hub.svc:80' },
  { of: 'two strangers', objects: [service('a', 1), service('b', 2)], address: '' },
  { of: 'none', objects: [], address: '' },
  { of: 'one without ports', objects: [service('svc-lab-1')], address: '' },
];

test.each(ADDRESSES)('the address of $of is "$address"', ({ objects, address }) => {
  expect(serviceAddress(objects, place)).toBe(address);
});
