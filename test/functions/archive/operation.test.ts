import { nextStep } from '../../../functions/archive/operation/plan';
import { recordAfter } from '../../../functions/archive/operation/outcome';
import type { ObservedJob } from '../../../lib/jobs/observedJob';
import { archiveOf, doneJob, moverJob, operation, podThatSaid, repositoryOf } from './subjects';

const NOW = new Date('2026-11-29T12:00:00Z');
const WAIT = 3_600;

test.each<[string, Parameters<typeof nextStep>[0], object]>([
  ['nothing is asked, nothing is there', { subject: archiveOf({}), job: undefined, pods: [] }, { do: 'none' }],
  ['something is asked', { subject: archiveOf({}, operation('verify')), job: undefined, pods: [] }, { do: 'start' }],
  [
    "another's mover is there",
    { subject: archiveOf({}, operation('verify')), job: moverJob('else', 'x'), pods: [] },
    { do: 'queue' },
  ],
  [
    'its own mover runs',
    { subject: archiveOf({}, operation('verify')), job: moverJob('uid', 'op'), pods: [] },
    { do: 'wait' },
  ],
  [
    'its mover of an earlier operation is left',
    { subject: archiveOf({}), job: moverJob('uid', 'old'), pods: [] },
    { do: 'remove' },
  ],
  [
    'its mover of an earlier operation is left, and another one is asked',
    { subject: archiveOf({}, operation('verify')), job: moverJob('uid', 'old'), pods: [] },
    { do: 'remove' },
  ],
  [
    'its own mover waits since long ago',
    { subject: archiveOf({}, operation('verify')), job: moverJob('uid', 'op', '2026-11-29T10:59:00Z'), pods: [] },
    { do: 'record', outcome: { outcome: 'failed', reason: 'WaitedTooLong' } },
  ],
])('%s', (_what, seen, expected) => {
  expect(nextStep(seen, WAIT, NOW)).toMatchObject(expected);
});

const SAID = { outcome: 'done', snapshot: 'abc', files: 3, bytes: 30, added: 5 };

test.each<[string, { readonly job: ObservedJob; readonly said: string; readonly exitCode: number }, object]>([
  ['what a mover said', { job: doneJob('Complete'), said: JSON.stringify(SAID), exitCode: 0 }, SAID],
  [
    'what a mover said that failed',
    {
      job: doneJob('Failed'),
      said: JSON.stringify({ outcome: 'failed', reason: 'WrongKey', message: 'no' }),
      exitCode: 1,
    },
    { outcome: 'failed', reason: 'WrongKey', message: 'no' },
  ],
  [
    'a mover that said it was done, and was killed',
    { job: doneJob('Failed'), said: JSON.stringify(SAID), exitCode: 137 },
    { reason: 'Interrupted' },
  ],
  [
    'a mover that said nothing',
    { job: doneJob('Complete'), said: '', exitCode: 0 },
    { outcome: 'failed', reason: 'Interrupted' },
  ],
  [
    'a mover that said something else',
    { job: doneJob('Complete'), said: '{"outcome":"great"}', exitCode: 0 },
    { reason: 'Interrupted' },
  ],
])('%s counts', (_what, { job, said, exitCode }, expected) => {
  const seen = { subject: archiveOf({}, operation('backup')), job, pods: [podThatSaid(said, exitCode)] };
  expect(nextStep(seen, WAIT, NOW)).toMatchObject({ do: 'record', outcome: expected });
});

const ENDED = { endedAt: '2026-11-29T12:00:00Z' };
const PROVEN = { snapshot: 'abc', verifiedAt: '2026-11-01T00:00:00Z', drilledAt: '2026-11-02T00:00:00Z' };

test.each<[string, ReturnType<typeof operation>, Parameters<typeof recordAfter>[2], object | undefined]>([
  [
    'a backup',
    operation('backup'),
    { outcome: 'done', snapshot: 'new', files: 1, ...ENDED },
    { snapshot: 'new', files: 1, archivedAt: ENDED.endedAt },
  ],
  ['a verification', operation('verify'), { outcome: 'done', ...ENDED }, { verifiedAt: ENDED.endedAt }],
  ['a drill', operation('drill'), { outcome: 'done', ...ENDED }, { drilledAt: ENDED.endedAt }],
  [
    'a verification that was interrupted',
    operation('verify'),
    { outcome: 'failed', reason: 'Interrupted', ...ENDED },
    PROVEN,
  ],
  [
    'a verification that found damage',
    operation('verify'),
    { outcome: 'failed', reason: 'RepositoryDamaged', ...ENDED },
    { snapshot: 'abc' },
  ],
  ['a removal', operation('delete'), { outcome: 'done', ...ENDED }, undefined],
  [
    'a removal of what is gone',
    operation('delete'),
    { outcome: 'failed', reason: 'SnapshotMissing', ...ENDED },
    undefined,
  ],
  ['a removal that failed', operation('delete'), { outcome: 'failed', reason: 'RepositoryLocked', ...ENDED }, PROVEN],
])('after %s', (_what, wanted, outcome, expected) => {
  const record = recordAfter(archiveOf(PROVEN, wanted), wanted, outcome);
  const last = { verb: wanted.verb, outcome: outcome.outcome };
  expect([record]).toMatchObject([expected === undefined ? undefined : { ...expected, last }]);
});

test('damage takes both proofs away', () => {
  const wanted = operation('drill');
  const record = recordAfter(archiveOf(PROVEN, wanted), wanted, {
    outcome: 'failed',
    reason: 'DigestMismatch',
    ...ENDED,
  });
  expect(record).not.toHaveProperty('verifiedAt');
  expect(record).not.toHaveProperty('drilledAt');
});

test.each([
  ['done', 1],
  ['failed', 0],
] as const)('a rotation that is %s leaves generation %d', (outcome, generation) => {
  const wanted = operation('rotate');
  expect(recordAfter(repositoryOf({}, wanted), wanted, { outcome, ...ENDED })).toMatchObject({ generation });
});
