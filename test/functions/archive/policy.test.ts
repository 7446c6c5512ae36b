import { archiveKey } from '../../../functions/archive/configFile';
import { dueNow, type Seen } from '../../../functions/archive/policy/due';
import { superfluous } from '../../../functions/archive/policy/retention';
import { readUsage } from '../../../functions/archive/usage';
import type { ArchiveRecord } from '../../../functions/archive/archive';
import { archiveOf, operation, repositoryOf } from './subjects';

const NOW = new Date('2026-11-29T12:00:00Z');
const NONE = { last: 0, daily: 0, weekly: 0, monthly: 0, yearly: 0 };
const made = (archivedAt: string, more: Partial<ArchiveRecord> = {}) =>
  archiveOf({ snapshot: 's', archivedAt, readFrom: archivedAt, ...more });
const days = ['2026-11-29', '2026-11-28', '2026-11-21', '2026-10-29', '2025-11-29'].map((day) => `${day}T06:00:00Z`);

test.each<[string, Partial<typeof NONE>, number]>([
  ['nothing asked for keeps the newest', {}, 1],
  ['the last two', { last: 2 }, 2],
  ['three days', { daily: 3 }, 3],
  ['two weeks', { weekly: 2 }, 2],
  ['two months', { monthly: 2 }, 2],
  ['two years', { yearly: 2 }, 2],
  ['all of it', { last: 9 }, 5],
])('%s', (_what, rules, kept) => {
  const all = days.map((day) => made(day));
  expect(all.length - superfluous(all, { ...NONE, ...rules }).length).toBe(kept);
});

test('what is held, the newest that is proven, and the one that was drilled last, stay', () => {
  const held = made('2020-01-01T00:00:00Z', { hold: true });
  const drilled = made('2021-01-01T00:00:00Z', { drilledAt: '2022-01-02T00:00:00Z' });
  const before = made('2022-01-01T00:00:00Z', { drilledAt: '2022-01-01T00:00:00Z' });
  const proven = made('2024-01-01T00:00:00Z', { verifiedAt: '2024-01-02T00:00:00Z' });
  const older = made('2023-01-01T00:00:00Z', { verifiedAt: '2024-01-02T00:00:00Z' });
  const newest = made('2026-01-01T00:00:00Z');
  expect(superfluous([held, drilled, before, proven, older, newest], NONE)).toEqual([older, before]);
});

test('what is being removed already stands for nothing', () => {
  const proven = { verifiedAt: '2026-11-28T00:00:00Z' };
  const going = archiveOf({ ...proven, snapshot: 's', archivedAt: '2026-11-28T00:00:00Z' }, operation('delete'));
  const last = made('2026-11-27T00:00:00Z', proven);
  expect(superfluous([going, last], NONE)).toEqual([]);
});

const claim = (more: object = {}, status = 'Bound') => ({
  metadata: { name: 'claim-ada', uid: 'claim-uid', creationTimestamp: '2026-01-01T00:00:00Z', ...more },
  status: { phase: status },
});
const nothing: Seen = {
  claims: [],
  subjects: [],
  usage: readUsage(undefined),
  releasing: new Set<string>(),
  needed: new Set<string>(),
};
const config = (more: object = {}) => archiveKey.parse({ idle_days: 30, ...more });
const failedAt = (endedAt: string, verb = 'backup') => ({ id: 'x', verb, outcome: 'failed' as const, endedAt });

test.each<[string, Partial<Seen>, boolean]>([
  ['idle, and never archived', {}, true],
  ['used lately', { usage: readUsage({ data: { 'claim.claim-ada': 'claim-uid 2026-11-20T00:00:00Z' } }) }, false],
  ['in use', { usage: readUsage({ data: { 'claim.claim-ada': 'claim-uid -' } }) }, false],
  ['archived since', { subjects: [made('2026-03-01T00:00:00Z')] }, false],
  [
    'archived before it was used',
    {
      subjects: [made('2026-03-01T00:00:00Z')],
      usage: readUsage({ data: { 'claim.claim-ada': 'claim-uid 2026-04-01T00:00:00Z' } }),
    },
    true,
  ],
  ['archived, but it was another claim', { subjects: [made('2026-03-01T00:00:00Z', { claimUid: 'other' })] }, true],
  ['being archived', { subjects: [archiveOf({ askedAt: '2026-11-29T11:59:00Z' }, operation('backup'))] }, false],
  [
    'failed just now',
    { subjects: [archiveOf({ askedAt: '2026-11-29T11:00:00Z', last: failedAt('2026-11-29T11:01:00Z') })] },
    false,
  ],
  [
    'failed yesterday',
    { subjects: [archiveOf({ askedAt: '2026-11-28T11:00:00Z', last: failedAt('2026-11-28T11:01:00Z') })] },
    true,
  ],
  ['being released', { releasing: new Set(['claim-uid']) }, false],
  ['a new one, while an earlier one of its name is released', { releasing: new Set(['earlier-uid']) }, true],
  ['not bound', { claims: [claim({}, 'Pending')] }, false],
  [
    'being filled',
    { claims: [claim({ labels: { 'hub-functions/kind': 'archive-target', 'hub-functions/ready': 'false' } })] },
    false,
  ],
  ["nobody's", { claims: [claim({ name: 'scratch' })] }, false],
])('a backup is due: %s', (_what, more, isDue) => {
  const due = dueNow({ ...nothing, claims: [claim()], ...more }, config({ verify: false, drill_days: 0 }), NOW);
  expect(due.backups.length > 0).toBe(isDue);
});

test('nobody is archived unasked where no time is set', () => {
  expect(dueNow({ ...nothing, claims: [claim()] }, archiveKey.parse({}), NOW).backups).toEqual([]);
});

const VERIFIED = { verifiedAt: '2026-11-28T00:00:00Z' };

test.each<[string, Parameters<typeof dueNow>[0]['subjects'], object, readonly string[]]>([
  ['a new archive is read', [made('2026-11-28T00:00:00Z')], {}, ['verify']],
  ['unless nobody wants it', [made('2026-11-28T00:00:00Z')], { verify: false }, []],
  [
    'or it has just failed',
    [made('2026-11-28T00:00:00Z', { last: failedAt('2026-11-29T11:00:00Z', 'verify') })],
    {},
    [],
  ],
  ['an old one is drilled', [made('2026-01-01T00:00:00Z', VERIFIED)], {}, ['drill']],
  ['unless it was lately', [made('2026-01-01T00:00:00Z', { ...VERIFIED, drilledAt: '2026-11-01T00:00:00Z' })], {}, []],
  [
    'or another one of the claim was',
    [
      made('2026-01-01T00:00:00Z', { ...VERIFIED, drilledAt: '2026-11-01T00:00:00Z' }),
      made('2026-11-28T00:00:00Z', VERIFIED),
    ],
    {},
    [],
  ],
  [
    'one a day does not put it off',
    [
      made('2026-01-01T00:00:00Z', { ...VERIFIED, drilledAt: '2026-02-01T00:00:00Z' }),
      ...days.slice(0, 2).map((day) => made(day, VERIFIED)),
    ],
    { keep: { last: 9 } },
    ['drill'],
  ],
  [
    'what is busy is left alone',
    [archiveOf({ snapshot: 's', archivedAt: '2026-01-01T00:00:00Z' }, operation('verify'))],
    {},
    [],
  ],
  ['a key is changed', [repositoryOf({ since: '2026-01-01T00:00:00Z' })], { rotate_days: 100 }, ['rotate']],
  ['a new key is not', [repositoryOf({ since: '2026-11-01T00:00:00Z' })], { rotate_days: 100 }, []],
  [
    'what no rule keeps goes',
    [
      made('2026-11-28T00:00:00Z', { ...VERIFIED, id: 'new' }),
      made('2026-11-27T00:00:00Z', { ...VERIFIED, id: 'old' }),
    ].map((archive, uid) => ({ ...archive, uid: String(uid) })),
    { keep: NONE },
    ['delete'],
  ],
])('due: %s', (_what, subjects, more, verbs) => {
  const due = dueNow({ ...nothing, subjects }, config(more), NOW);
  expect(due.operations.map(({ verb }) => verb)).toEqual(verbs);
});

test('of a claim that was never drilled it is the newest that is, when the first is old', () => {
  const [first, newest] = [made('2026-01-01T00:00:00Z', VERIFIED), made('2026-11-28T00:00:00Z', VERIFIED)];
  const { operations } = dueNow({ ...nothing, subjects: [newest, first] }, config(), NOW);
  expect(operations).toEqual([{ subject: newest, verb: 'drill' }]);
});

test('a backup that always fails is tried again and again, each time with a key of its own', () => {
  const kept = new Map<string, ReturnType<typeof archiveOf>>();
  const keys: string[] = [];
  for (let hours = 0; hours < 24 * 70; hours += 7) {
    const now = new Date(NOW.getTime() + hours * 3_600_000);
    const at = now.toISOString();
    const { backups, forgotten } = dueNow(
      { ...nothing, claims: [claim()], subjects: [...kept.values()] },
      config(),
      now,
    );
    for (const [key, archive] of kept) if (forgotten.includes(archive)) kept.delete(key);
    for (const { key } of backups)
      kept.set(key, archiveOf({ askedAt: at, last: { ...failedAt(at), reason: 'SourceEmpty' } }));
    keys.push(...backups.map(({ key }) => key));
  }
  expect(keys).toHaveLength(240);
  expect(new Set(keys).size).toBe(keys.length);
});

test('what a released claim may be restored from stays, and what was never made is forgotten', () => {
  const subjects = [
    made('2026-11-28T00:00:00Z', { ...VERIFIED, id: 'new' }),
    made('2026-11-27T00:00:00Z', { ...VERIFIED, id: 'old' }),
  ];
  expect(dueNow({ ...nothing, subjects, needed: new Set(['old']) }, config({ keep: NONE }), NOW).operations).toEqual(
    [],
  );
  const never = failedFor('SourceEmpty');
  expect(dueNow({ ...nothing, subjects: [never] }, config(), NOW)).toMatchObject({
    forgotten: [never],
    operations: [],
  });
});

const failedFor = (reason: string, endedAt = '2026-01-01T00:10:00Z', verb = 'backup') =>
  archiveOf({ askedAt: '2026-01-01T00:00:00Z', last: { ...failedAt(endedAt, verb), reason } });

test.each<[string, ReturnType<typeof archiveOf>, boolean]>([
  ['a mover that was killed', failedFor('Interrupted'), true],
  ['a mover that could not reach the repository any more', failedFor('RepositoryUnreachable'), true],
  ['a mover that could not remove it', failedFor('WrongKey', '2026-11-28T00:00:00Z', 'delete'), true],
  ['a mover that has just failed to remove it', failedFor('WrongKey', '2026-11-29T11:00:00Z', 'delete'), false],
])('what may be left of %s is looked for before its archive is forgotten', (_what, subject, isDue) => {
  const { operations, forgotten } = dueNow({ ...nothing, subjects: [subject] }, config(), NOW);
  expect(operations).toEqual(isDue ? [{ subject, verb: 'delete' }] : []);
  expect(forgotten).toEqual([]);
});
