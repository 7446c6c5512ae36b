// What of a host may be reached: everything that the configuration does not name is refused, with the field that asked for it.
import { userjobsKey } from '../../../functions/userjobs/configFile';
import { chosenFields, hostFor } from '../../../functions/userjobs/reach';
import { parseUserJob } from '../../../functions/userjobs/schema';
import { AppError } from '../../../lib/errors';

const config = userjobsKey.parse({
  hosts: {
    system: {
      address: 'login.example.org',
      user: 'tunnel',
      credentials: ['hub-*'],
      nodes: ['node?', 'rack*', '10.1.*.*', '*.cluster.example.org'],
      ports: [8888, '20000-20009'],
      slurm: { fields: { partition: ['devel', 'batch*'], time: ['*'] }, defaults: { partition: 'devel', nodes: 1 } },
    },
    plain: { address: '::1', user: 'x', nodes: ['*', '*.*.*.*'], ports: ['1-65535'] },
    closed: { address: 'a', user: 'x' },
  },
});

function fields(body: object, credential = 'hub-a'): readonly string[] {
  const whole = { service: 'lab1', hostname: 'system', target_node: 'node1', ports: { '1': 8888 }, ...body };
  try {
    hostFor(parseUserJob(whole), config, credential);
    return [];
  } catch (error) {
    if (error instanceof AppError) return Object.keys(error.details.body as object);
    throw error;
  }
}

test.each([
  [{}, []],
  [{ target_node: '10.1.2.3' }, []],
  [{ target_node: 'node12' }, ['target_node']],
  [{ target_node: 'rack1' }, []],
  [{ target_node: 'rack1.elsewhere.org' }, ['target_node']],
  [{ target_node: 'a.cluster.example.org' }, []],
  [{ target_node: 'a.b.cluster.example.org' }, ['target_node']],
  [{ target_node: '10.2.1.1' }, ['target_node']],
  [{ ports: { '1': 20000, '2': 20009 } }, []],
  [{ ports: { '1': 8888, '2': 20010 } }, ['ports']],
  [{ ports: { '1': 22 }, target_node: 'localhost' }, ['ports', 'target_node']],
  [{ hostname: 'other' }, ['hostname']],
  [{ hostname: '__proto__' }, ['hostname']],
  [{ hostname: 'login.example.org' }, ['hostname']],
  [{ hostname: 'plain', target_node: '8.8.8.8', ports: { '1': 22 } }, []],
  [{ hostname: 'closed' }, ['ports', 'target_node']],
  [{ job: { id: 5 }, target_node: 'anything' }, []],
  [{ job: { command: 'x', partition: 'batch2', time: 10 } }, []],
  [{ job: { command: 'x', partition: 'gpu' } }, ['job']],
  [{ job: { command: 'x', nodes: 2 } }, ['job']],
  [{ hostname: 'plain', job: { id: 5 } }, ['job']],
])('%j has the faults %j', (body, expected) => expect(fields(body)).toEqual(expected));

test('a host is for the credentials that it names, and unknown to all others', () => {
  expect(fields({}, 'stranger')).toEqual(['hostname']);
});

test('the fields of a request go over the defaults', () => {
  const host = config.hosts['system'];
  expect(host && chosenFields({ partition: 'batch1' }, host)).toEqual({ partition: 'batch1', nodes: '1' });
});

test.each([
  { address: '-oProxyCommand=id', user: 'x' },
  { address: 'a', user: '-x' },
  { address: 'a', user: 'a b' },
  { address: 'a', user: 'x', key: '../id' },
  { address: 'a', user: 'x', ports: ['1-'] },
  { address: 'a', user: 'x', nodes: ['[z-a]'] },
  { address: 'a', user: 'x', slurm: { fields: { uid: ['*'] } } },
  { address: 'a', user: 'x', slurm: { defaults: { partition: 'a;id' } } },
  { address: 'a', user: 'x', slurm: { bin: '/opt/$(id)' } },
  { address: 'a', user: 'x', typo: 1 },
])('the configuration %j is refused', (host) => {
  expect(userjobsKey.safeParse({ hosts: { system: host } }).success).toBe(false);
});
