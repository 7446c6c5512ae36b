import { nextReleaseStep, type SeenRelease, type Volume } from '../../../functions/archive/release/plan';
import type { Release, ReleaseRecord } from '../../../functions/archive/release/release';
import { readUsage, usageChanges } from '../../../functions/archive/usage';
import type { Claim } from '../../../functions/archive/claims';

const NOW = new Date('2026-11-29T12:00:00Z');

const release = (more: Partial<ReleaseRecord>): Release => ({
  name: 'r',
  uid: 'release-uid',
  resourceVersion: '1',
  object: {},
  record: {
    claim: 'claim-ada',
    claimUid: 'claim-uid',
    user: 'ada',
    labels: {},
    annotations: {},
    spec: {},
    volume: { name: 'pv', uid: 'pv-uid', policy: 'Delete' },
    archive: 'a',
    askedAt: '2026-11-29T11:00:00Z',
    phase: 'releasing',
    ...more,
  },
});

const volume = (policy: string, claimUid?: string): Volume => ({
  metadata: { name: 'pv', uid: 'pv-uid' },
  spec: { persistentVolumeReclaimPolicy: policy, claimRef: { name: 'claim-ada', ...(claimUid && { uid: claimUid }) } },
});

const claim = (uid: string, more: object = {}, status = 'Bound'): Claim => ({
  metadata: { name: 'claim-ada', uid, creationTimestamp: '2026-01-01T00:00:00Z', ...more },
  spec: { volumeName: 'pv' },
  status: { phase: status },
});

const OLD = claim('claim-uid');
const OURS = claim('new-uid', { annotations: { 'hub-functions/operation-id': 'release-uid' } });
const MARKED = claim('claim-uid', { annotations: { 'hub-functions/operation-id': 'release-uid' } });
const LEAVING = claim('claim-uid', { deletionTimestamp: '2026-11-29T11:59:00Z' });
const undoing = release({ phase: 'undoing' });
const past = '2026-11-29T11:00:00Z';
const later = '2026-12-29T11:00:00Z';

test.each<[string, Omit<SeenRelease, 'users'> & Partial<SeenRelease>, object]>([
  [
    'a volume that would go',
    { release: release({}), claim: OLD, volume: volume('Delete', 'claim-uid') },
    { do: 'retain' },
  ],
  [
    'a volume that stays',
    { release: release({}), claim: OLD, volume: volume('Retain', 'claim-uid') },
    { do: 'deleteClaim' },
  ],
  [
    'a claim on its way out',
    { release: release({}), claim: LEAVING, volume: volume('Retain', 'claim-uid') },
    { do: 'wait' },
  ],
  [
    'a claim on its way out that somebody still came to use',
    {
      release: release({}),
      claim: LEAVING,
      volume: volume('Retain', 'claim-uid'),
      users: [{ metadata: { name: 'jupyter-ada' } }],
    },
    { do: 'turn', record: { phase: 'undoing', trouble: expect.stringContaining('in use by jupyter-ada') as string } },
  ],
  [
    'a claim that is gone',
    { release: release({}), claim: undefined, volume: volume('Retain', 'claim-uid') },
    { do: 'turn', record: { phase: 'released', keptUntil: '2026-12-13T12:00:00.000Z' } },
  ],
  [
    "somebody's new claim of that name",
    { release: release({}), claim: claim('other'), volume: volume('Retain', 'claim-uid') },
    { do: 'turn', record: { phase: 'released' } },
  ],
  ['no volume', { release: release({}), claim: OLD, volume: undefined }, { do: 'stuck' }],
  [
    'another volume of that name',
    { release: release({}), claim: OLD, volume: { ...volume('Delete'), metadata: { name: 'pv', uid: 'x' } } },
    { do: 'stuck' },
  ],
  [
    'the grace period',
    {
      release: release({ phase: 'released', keptUntil: later }),
      claim: undefined,
      volume: volume('Retain', 'claim-uid'),
    },
    { do: 'wait' },
  ],
  [
    'the end of it',
    {
      release: release({ phase: 'released', keptUntil: past }),
      claim: undefined,
      volume: volume('Retain', 'claim-uid'),
    },
    { do: 'turn', record: { phase: 'deleting' } },
  ],
  [
    'a volume to delete',
    { release: release({ phase: 'deleting' }), claim: undefined, volume: volume('Retain', 'claim-uid') },
    { do: 'restorePolicy' },
  ],
  [
    'a volume that goes',
    { release: release({ phase: 'deleting' }), claim: undefined, volume: volume('Delete', 'claim-uid') },
    { do: 'wait' },
  ],
  [
    'a volume that is gone',
    { release: release({ phase: 'deleting' }), claim: undefined, volume: undefined },
    { do: 'finish' },
  ],
  [
    'a volume that its operator keeps',
    {
      release: release({ phase: 'deleting', volume: { name: 'pv', uid: 'pv-uid', policy: 'Retain' } }),
      claim: undefined,
      volume: volume('Retain', 'claim-uid'),
    },
    { do: 'finish' },
  ],
  [
    'an undo before the claim went',
    { release: undoing, claim: OLD, volume: volume('Retain', 'claim-uid') },
    { do: 'markClaim' },
  ],
  [
    'an undo after which nobody deletes the claim',
    { release: undoing, claim: MARKED, volume: volume('Retain', 'claim-uid') },
    { do: 'restorePolicy' },
  ],
  [
    'an undo before anything was done',
    { release: undoing, claim: MARKED, volume: volume('Delete', 'claim-uid') },
    { do: 'finish' },
  ],
  [
    'an undo while the claim goes',
    { release: undoing, claim: LEAVING, volume: volume('Retain', 'claim-uid') },
    { do: 'wait' },
  ],
  [
    'an undo after it went',
    { release: undoing, claim: undefined, volume: volume('Retain', 'claim-uid') },
    { do: 'freeVolume' },
  ],
  ['a free volume', { release: undoing, claim: undefined, volume: volume('Retain') }, { do: 'createClaim' }],
  [
    'a claim that is not bound yet',
    { release: undoing, claim: { ...OURS, status: { phase: 'Pending' } }, volume: volume('Retain') },
    { do: 'wait' },
  ],
  [
    'a claim that is bound again',
    { release: undoing, claim: OURS, volume: volume('Retain', 'new-uid') },
    { do: 'restorePolicy' },
  ],
  ['all as it was', { release: undoing, claim: OURS, volume: volume('Delete', 'new-uid') }, { do: 'finish' }],
  [
    "an undo that meets somebody's claim",
    { release: undoing, claim: claim('other'), volume: volume('Retain', 'claim-uid') },
    { do: 'stuck' },
  ],
  ['an undo without a volume', { release: undoing, claim: undefined, volume: undefined }, { do: 'stuck' }],
])('%s', (_what, seen, expected) => {
  expect(nextReleaseStep({ users: [], ...seen }, 14, NOW)).toMatchObject(expected);
});

const usage = (data: Readonly<Record<string, string>>) => readUsage({ data });
const watched = (since: string, until: string) => ({ watched: JSON.stringify({ since, until }) });

const pod = (name: string, phase: string, more: object = {}) => ({
  metadata: { name },
  spec: { volumes: [{ persistentVolumeClaim: { claimName: 'claim-ada' } }] },
  status: { phase, ...more },
});
const ended = {
  containerStatuses: [{ name: 'c', state: { terminated: { exitCode: 0, finishedAt: '2026-11-29T11:00:00Z' } } }],
};
const KEY = 'claim.claim-ada';

test.each<[string, Readonly<Record<string, string>>, readonly object[], string | null | undefined]>([
  ['nobody uses it, and nobody did', {}, [], undefined],
  ['somebody uses it', {}, [pod('a', 'Running')], 'claim-uid -'],
  ['somebody will use it', {}, [pod('a', 'Pending')], 'claim-uid -'],
  ['somebody still uses it', { [KEY]: 'claim-uid -' }, [pod('a', 'Running')], undefined],
  ['nobody uses it any more', { [KEY]: 'claim-uid -' }, [], 'claim-uid 2026-11-29T12:00:00.000Z'],
  ['a pod that used it is over', {}, [pod('a', 'Succeeded', ended)], 'claim-uid 2026-11-29T11:00:00Z'],
  [
    'a pod that used it is over, as known',
    { [KEY]: 'claim-uid 2026-11-29T11:00:00Z' },
    [pod('a', 'Succeeded', ended)],
    undefined,
  ],
  ['what is known is of another claim', { [KEY]: 'other -' }, [], undefined],
])('usage: %s', (_what, data, pods, expected) => {
  const sight = { claims: [OLD], pods, gapSeconds: 900, from: NOW, now: NOW } as Parameters<typeof usageChanges>[1];
  expect(usageChanges(usage(data), sight)[KEY]).toBe(expected);
});

test('usage: claims that are gone are forgotten, and who was away too long begins anew', () => {
  const before = usage({ ...watched('2026-11-01T00:00:00Z', '2026-11-29T11:00:00Z'), 'claim.gone': 'x -' });
  const changes = usageChanges(before, { claims: [OLD], pods: [], gapSeconds: 900, from: NOW, now: NOW });
  expect(changes['claim.gone']).toBeNull();
  expect(JSON.parse(changes['watched'] ?? '')).toEqual({ since: NOW.toISOString(), until: NOW.toISOString() });
});
