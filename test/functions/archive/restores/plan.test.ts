import type { ArchiveRecord } from '../../../../functions/archive/archive';
import type { Claim } from '../../../../functions/archive/claims';
import type { Operation } from '../../../../functions/archive/operation/operation';
import { nextFill } from '../../../../functions/archive/restores/plan';
import { archiveOf, operation } from '../subjects';

const MADE = '2026-11-29T12:00:00Z';
const claimWith = (annotations: Record<string, string> = {}): Claim => ({
  metadata: { name: 'claim-ada', uid: 'new', creationTimestamp: MADE, annotations },
});
const kept = (record: Partial<ArchiveRecord> = {}, asked?: Operation) =>
  archiveOf({ snapshot: 's', archivedAt: '2026-11-01T00:00:00Z', bytes: 1_234_567, files: 3, ...record }, asked);
const proven = { verifiedAt: '2026-11-02T00:00:00Z' };
const failedAt = (endedAt: string) => ({
  last: { id: 'x', verb: 'verify', outcome: 'failed' as const, reason: 'WrongKey', message: 'Look.', endedAt },
});
const ownTarget = { claim: 'claim-ada', size: '1Gi', accessModes: [], isScratch: false, wish: 'new' };

const next = (
  archives: readonly ReturnType<typeof archiveOf>[],
  claim = claimWith(),
  user: string | undefined = 'ada',
) => nextFill({ claim, user, archives });

test('the newest archive that was read whole is restored, and told with its size', () => {
  const older = kept({ ...proven, id: 'older', archivedAt: '2026-10-01T00:00:00Z' });
  const newer = kept({ ...proven, id: 'newer' });
  expect(next([older, newer])).toEqual({
    do: 'restore',
    archive: newer,
    message: 'The volume is filled from archive newer of 2026-11-01: 1.2 MB in 3 files.',
  });
});

test('one that was never read whole is read first, whatever older one is proven', () => {
  const older = kept({ ...proven, id: 'older', archivedAt: '2026-10-01T00:00:00Z' });
  const newer = kept({ id: 'newer' });
  expect(next([older, newer])).toMatchObject({ do: 'verify', archive: newer });
});

test('a failure from before the claim was made is tried again, a later one is the end', () => {
  expect(next([kept(failedAt('2026-11-29T11:59:00Z'))])).toMatchObject({ do: 'verify' });
  expect(next([kept({ id: 'bad', ...failedAt('2026-11-29T12:01:00Z') })])).toEqual({
    do: 'fail',
    message:
      'Archive bad, the newest of this volume, could not be read whole: WrongKey Look. ' +
      'Put that right and start again, or remove this archive to have the one before.',
  });
});

test('a download that failed says nothing of the archive', () => {
  const { last } = failedAt('2026-11-29T12:01:00Z');
  expect(next([kept({ last: { ...last, verb: 'serve' } })])).toMatchObject({ do: 'verify' });
});

test('what is under way is waited for', () => {
  expect(next([kept(proven, operation('verify'))])).toMatchObject({ do: 'wait' });
  const under = kept({ ...proven, id: 'first' }, operation('restore', { target: ownTarget }));
  const newer = kept({ ...proven, archivedAt: '2026-11-20T00:00:00Z' });
  expect(next([under, newer])).toMatchObject({
    do: 'wait',
    message: expect.stringContaining('archive first') as string,
  });
  const elsewhere = kept(proven, operation('restore', { target: { ...ownTarget, wish: 'another' } }));
  expect(next([elsewhere])).toMatchObject({ do: 'wait', message: expect.stringContaining('busy: restore') as string });
  expect(next([archiveOf({}, operation('backup'))])).toMatchObject({ do: 'wait' });
});

test('without any archive an empty volume is right, unless somebody had begun to fill it', () => {
  expect(next([])).toEqual({ do: 'open' });
  expect(next([archiveOf({})])).toEqual({ do: 'open' });
  expect(next([archiveOf({}, operation('delete'))])).toEqual({ do: 'open' });
  expect(next([kept({ ...proven, claim: 'claim-of-ada' })])).toEqual({ do: 'open' });
  expect(next([], claimWith({ 'hub-functions/operation-id': 'gone' }))).toMatchObject({ do: 'fail' });
});

test('whose claim it is has to be known, and the same as of its archives', () => {
  expect(nextFill({ claim: claimWith(), user: undefined, archives: [kept(proven)] })).toMatchObject({
    do: 'fail',
    message: 'Whose claim claim-ada is cannot be told: annotate it in the service description.',
  });
  expect(next([kept({ ...proven, user: 'bob' })])).toMatchObject({
    do: 'fail',
    message: expect.stringContaining('are of another user') as string,
  });
  expect(next([archiveOf({ user: 'bob' })])).toEqual({ do: 'open' });
});
