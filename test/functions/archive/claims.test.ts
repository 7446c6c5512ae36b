import { placeFor, shapeOf, userOf, usersOf, type UsingPod } from '../../../functions/archive/claims';
import { archiveKey } from '../../../functions/archive/configFile';

const config = archiveKey.parse({ claim_names: ['claim-<user>', 'home-<user>-data'] });

test.each([
  ['its annotation', { name: 'anything', annotations: { 'hub.jupyter.org/username': 'Ada L.' } }, 'Ada L.'],
  ['its annotation before its name', { name: 'claim-bob', annotations: { 'hub.jupyter.org/username': 'ada' } }, 'ada'],
  ['its name', { name: 'claim-ada' }, 'ada'],
  ['its name by another pattern', { name: 'home-ada-data' }, 'ada'],
  [
    'its name, where the annotation is empty',
    { name: 'claim-ada', annotations: { 'hub.jupyter.org/username': '' } },
    'ada',
  ],
  ['nothing', { name: 'scratch' }, undefined],
  ['a pattern without a user', { name: 'claim-' }, undefined],
  ['a pattern that overlaps itself', { name: 'home-data' }, undefined],
])('whose a claim is follows from %s', (_what, metadata, user) => {
  expect(userOf({ metadata }, config)).toBe(user);
});

const pod = (name: string, claim: string, more: object = {}): UsingPod => ({
  metadata: { name },
  spec: { volumes: [{ persistentVolumeClaim: { claimName: claim } }], ...more },
  status: { phase: 'Running' },
});

test('who uses a claim: pods that have not ended, movers aside', () => {
  const over = { ...pod('over', 'c'), status: { phase: 'Succeeded' } };
  const mover = {
    ...pod('mover', 'c'),
    metadata: { name: 'mover', labels: { 'hub-functions/kind': 'archive-mover' } },
  };
  const pending = { ...pod('pending', 'c'), status: { phase: 'Pending' } };
  const users = usersOf('c', [pod('user', 'c'), pod('other', 'd'), over, mover, pending]);
  expect(users.map(({ metadata }) => metadata?.name)).toEqual(['user', 'pending']);
});

const claim = (...accessModes: string[]) => ({ spec: { accessModes } });
const here = pod('user', 'c', { nodeName: 'node1' });
const USERS_ONLY = { key: 'hub.jupyter.org/dedicated', operator: 'Equal', value: 'user', effect: 'NoSchedule' };

test.each([
  ['nobody uses it', claim('ReadWriteOnce'), [], { anywhere: true }],
  ['many nodes may', claim('ReadWriteMany'), [here], { anywhere: true }],
  ['a pod on a node does', claim('ReadWriteOnce'), [here], { node: 'node1', tolerations: [] }],
  [
    'a pod does on a node that is kept for such pods',
    claim('ReadWriteOnce'),
    [pod('user', 'c', { nodeName: 'node1', tolerations: [USERS_ONLY, { key: 'node.kubernetes.io/not-ready' }] })],
    { node: 'node1', tolerations: [USERS_ONLY] },
  ],
  [
    'a pod on a node does, another has none yet',
    claim('ReadWriteOnce'),
    [pod('next', 'c'), here],
    { node: 'node1', tolerations: [] },
  ],
  [
    'a pod will, nobody knows where',
    claim('ReadWriteOnce'),
    [pod('user', 'c')],
    { refused: expect.stringContaining('yet to be chosen') as string },
  ],
  [
    'one pod only may',
    claim('ReadWriteOncePod'),
    [here],
    { refused: 'Only one pod may use this claim, and user does.' },
  ],
])('where it can be read: %s', (_what, subject, users, place) => {
  expect(placeFor(subject, users)).toEqual(place);
});

test('what is restored is as large as what was archived', () => {
  const spec = {
    accessModes: ['ReadWriteMany'],
    storageClassName: 'fast',
    resources: { requests: { storage: '5Gi' } },
  };
  expect(shapeOf({ spec })).toEqual({ size: '5Gi', storageClass: 'fast', accessModes: ['ReadWriteMany'] });
});
