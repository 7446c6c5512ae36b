// What a request may say: the contract's texts in their order, and nothing that means something to ssh or to a shell.
import { parseUserJob } from '../../../functions/userjobs/schema';
import { AppError } from '../../../lib/errors';

const GOOD = { service: 'lab1', ports: { '8080': '9000' }, hostname: 'system', target_node: 'node1' };

function refusal(body: unknown): unknown {
  try {
    parseUserJob(body);
  } catch (error) {
    if (error instanceof AppError && error.status === 400) return error.details.body;
    throw error;
  }
  return undefined;
}

test('a good request is read', () => {
  expect(parseUserJob({ ...GOOD, ports: { '8081': 9001, '8080': '9000' }, more: true })).toEqual({
    service: 'lab1',
    hostname: 'system',
    targetNode: 'node1',
    ports: [
      { port: 8080, target: 9000 },
      { port: 8081, target: 9001 },
    ],
    job: undefined,
  });
});

test('the first key that is missing is told', () => {
  const { service: _service, ...noService } = GOOD;
  expect(refusal({})).toEqual(['Missing key: service']);
  expect(refusal(undefined)).toEqual(['Missing key: service']);
  expect(refusal(noService)).toEqual(['Missing key: service']);
  expect(refusal({ service: 'a' })).toEqual(['Missing key: ports']);
  expect(refusal({ service: 'a', ports: {} })).toEqual(['Missing key: hostname']);
  expect(refusal({ service: 'a', ports: {}, hostname: 'x' })).toEqual(['Missing key: target_node']);
});

test.each([
  [{ service: null }, { service: ['This field may not be null.'] }],
  [{ service: ' ' }, { service: ['This field may not be blank.'] }],
  [{ hostname: true }, { hostname: ['Not a valid string.'] }],
  [{ hostname: 'x'.repeat(1001) }, { hostname: ['String value too large.'] }],
  [{ target_node: '' }, { target_node: ['This field may not be blank.'] }],
  [{ ports: null }, { ports: ['This field may not be null.'] }],
  [{ ports: ['8080'] }, { ports: ['Expected a dictionary of items but got type "list".'] }],
  [{ ports: {} }, { ports: ['This dictionary may not be empty.'] }],
])('%j is answered %j', (part, expected) => expect(refusal({ ...GOOD, ...part })).toEqual(expected));

test.each(['Lab', '1lab', 'lab_1', 'lab.1', '-lab', 'lab-', 'a'.repeat(64), 'lab/..', 'lab 1'])(
  'a Service cannot be called %s',
  (service) => expect(refusal({ ...GOOD, service })).toHaveProperty('service'),
);

test.each(['-oProxyCommand=id', 'a;id', '$(id)', 'a b', 'a\nb', '0.0.0.0:1:x', 'user@node'])(
  'nobody is sent to the node %j',
  (target_node) => expect(refusal({ ...GOOD, target_node })).toHaveProperty('target_node'),
);

test.each(['0', '65536', '-1', '1e3', '80 81', '8080a', '', '0x50', '08', 'host:80'])('%j is no port', (port) => {
  expect(refusal({ ...GOOD, ports: { '8080': port } })).toHaveProperty('ports');
  expect(refusal({ ...GOOD, ports: { [port]: '8080' } })).toHaveProperty('ports');
});

test.each([[null], [true], [1.5], [{}], [['8080']]])('%j is no port either', (port) => {
  expect(refusal({ ...GOOD, ports: { '8080': port } })).toHaveProperty('ports');
});

test('more than twenty ports are too many', () => {
  const ports = Object.fromEntries(Array.from({ length: 21 }, (_, index) => [String(8000 + index), '1']));
  expect(refusal({ ...GOOD, ports })).toHaveProperty('ports');
});

describe('with a job', () => {
  const { target_node: _node, ...noNode } = GOOD;

  it('needs no node: Slurm decides', () => {
    expect(parseUserJob({ ...noNode, job: { command: 'sleep 9' } })).toMatchObject({ targetNode: '' });
    expect(parseUserJob({ ...GOOD, job: { id: '17' } })).toMatchObject({ targetNode: 'node1', job: { attach: 17 } });
  });

  it('makes a script of what it is given, and keeps the fields apart', () => {
    expect(parseUserJob({ ...noNode, job: { command: 'echo "$HOME"; id', nodes: 2, time: '01:00:00' } }).job).toEqual({
      script: '#!/bin/sh\necho "$HOME"; id\n',
      fields: { nodes: '2', time: '01:00:00' },
    });
    expect(parseUserJob({ ...noNode, job: { script: '#!/usr/bin/env python3\r\nprint(1)' } }).job).toEqual({
      script: '#!/usr/bin/env python3\nprint(1)\n',
      fields: {},
    });
  });

  it.each([
    [{}],
    [{ script: 'a', command: 'b' }],
    [{ id: 5, command: 'b' }],
    [{ id: 5, nodes: 1 }],
    [{ id: 0 }],
    [{ id: -1 }],
    [{ id: 1.5 }],
    [{ id: '5;id' }],
    [{ command: ' ' }],
    [{ command: 'a\0b' }],
    [{ command: 'x', wrap: 'id' }],
    [{ script: '#!/bin/sh\n#SBATCH --account=other\n' }],
    [{ script: '#!/bin/sh\n#DW jobdw type=scratch capacity=1TB\n' }],
    [{ script: '#!/bin/sh\n#BB create_persistent name=x\n' }],
    [{ script: '#!/bin/sh\n#BB_LUA pool=x\n' }],
    [{ script: '#!/bin/sh\n  #  sbatch -A other\n' }],
    [{ script: '#!/bin/sh\n#PBS -A other\n' }],
    [{ command: 'x', partition: 'a b' }],
    [{ command: 'x', partition: '$(id)' }],
    [{ command: 'x', partition: '--uid=0' }],
    [{ command: 'x', nodes: '1;id' }],
    [{ command: 'x', nodes: 0 }],
    [{ command: 'x', time: '1:00:00\nid' }],
    [{ command: 'x', time: 'UNLIMITED' }],
    [{ command: 'x', chdir: '/home/../etc' }],
    [{ command: 'x', chdir: 'relative' }],
    [{ command: 'x', output: '/tmp/`id`' }],
    [{ command: 'x', mem: '4GB;' }],
    ['script'],
  ])('%j is refused', (job) => expect(refusal({ ...noNode, job })).toHaveProperty('job'));
});
