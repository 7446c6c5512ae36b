import { flawBeforeEnd, proofOf, type Evidence } from '../../../../functions/archive/release/proof';
import { readUsage } from '../../../../functions/archive/usage';
import { archiveOf, operation, repositoryOf } from '../subjects';

const NOW = new Date('2026-11-29T12:00:00Z');
const CLAIM = {
  metadata: { name: 'claim-ada', uid: 'claim-uid', creationTimestamp: '2026-01-01T00:00:00Z' },
  status: { phase: 'Bound' },
};

const GOOD = {
  snapshot: 's',
  readFrom: '2026-11-29T11:30:00Z',
  verifiedAt: '2026-11-29T11:40:00Z',
  changedWhileRead: 0,
};
const failedAt = (endedAt: string, reason: string) => ({
  id: 'op',
  verb: 'verify',
  outcome: 'failed' as const,
  reason,
  endedAt,
});
const usage = (data: Readonly<Record<string, string>>) => readUsage({ data });
const watched = (since: string, until: string) => ({ watched: JSON.stringify({ since, until }) });
const SEEN = watched('2026-11-01T00:00:00Z', '2026-11-29T11:58:00Z');
const evidence: Evidence = {
  claim: CLAIM,
  subjects: [archiveOf(GOOD)],
  usage: usage(SEEN),
  users: [],
  gapSeconds: 900,
  now: NOW,
};

test.each<[string, Partial<Evidence>, RegExp | undefined]>([
  ['all of it is proven', {}, undefined],
  ['it was used before', { usage: usage({ ...SEEN, 'claim.claim-ada': 'claim-uid 2026-11-29T11:29:00Z' }) }, undefined],
  [
    'another claim of its name was used later',
    { usage: usage({ ...SEEN, 'claim.claim-ada': 'other 2026-11-29T11:50:00Z' }) },
    undefined,
  ],
  [
    'a newer archive is not verified',
    { subjects: [archiveOf(GOOD), archiveOf({ snapshot: 's', readFrom: '2026-11-29T11:50:00Z' })] },
    undefined,
  ],
  ['it has no archive', { subjects: [archiveOf({ ...GOOD, claimUid: 'other' })] }, /has no archive/],
  ['its archive was never read', { subjects: [archiveOf({ ...GOOD, verifiedAt: undefined })] }, /never read whole/],
  ['files were changed while it was read', { subjects: [archiveOf({ ...GOOD, changedWhileRead: 1 })] }, /were changed/],
  ['somebody reads a file of its archive', { subjects: [archiveOf(GOOD, operation('serve'))] }, undefined],
  ['its archive is busy', { subjects: [archiveOf(GOOD, operation('delete'))] }, /is busy: delete/],
  [
    'its repository was found damaged before',
    { subjects: [archiveOf(GOOD), archiveOf({ last: failedAt('2026-11-29T11:39:00Z', 'RepositoryDamaged') })] },
    undefined,
  ],
  [
    'its repository was found damaged since',
    { subjects: [archiveOf(GOOD), archiveOf({ last: failedAt('2026-11-29T11:41:00Z', 'RepositoryDamaged') })] },
    /found damaged after it was read whole: RepositoryDamaged. Verify it again/,
  ],
  [
    'its key opens nothing any more',
    { subjects: [archiveOf(GOOD), repositoryOf({ last: failedAt('2026-11-29T11:41:00Z', 'WrongKey') })] },
    /WrongKey. Verify it again/,
  ],
  [
    'another archive is damaged',
    { subjects: [archiveOf(GOOD), archiveOf({ last: failedAt('2026-11-29T11:41:00Z', 'SnapshotMissing') })] },
    undefined,
  ],
  ['it is in use', { users: [{ metadata: { name: 'jupyter-ada' } }] }, /in use by jupyter-ada/],
  [
    'it was seen in use, and not since',
    { usage: usage({ ...SEEN, 'claim.claim-ada': 'claim-uid -' }) },
    /in use after/,
  ],
  [
    'it was used later',
    { usage: usage({ ...SEEN, 'claim.claim-ada': 'claim-uid 2026-11-29T11:31:00Z' }) },
    /in use after/,
  ],
  ['nobody looked', { usage: usage({}) }, /Nobody has looked/],
  [
    'nobody looked lately',
    { usage: usage(watched('2026-11-01T00:00:00Z', '2026-11-29T11:30:00Z')) },
    /Nobody has looked/,
  ],
  [
    'nobody looked at first',
    { usage: usage(watched('2026-11-29T11:35:00Z', '2026-11-29T11:58:00Z')) },
    /Nobody can tell/,
  ],
])('may it go? %s', (_what, more, refused) => {
  const proof = proofOf({ ...evidence, ...more });
  expect('refused' in proof ? proof.refused : 'yes').toMatch(refused ?? /^yes$/);
});

const known = archiveOf({ ...GOOD, id: 'known' });

test.each<[string, Evidence['subjects'], RegExp | undefined]>([
  ['its archive is whole', [known], undefined],
  ['its archive is gone', [archiveOf(GOOD)], /Archive known is gone/],
  ['its archive was found damaged', [archiveOf({ ...GOOD, id: 'known', verifiedAt: undefined })], /found damaged/],
  ['its archive goes', [archiveOf({ ...GOOD, id: 'known' }, operation('delete'))], /is gone/],
  [
    'its repository was found damaged since',
    [known, archiveOf({ last: failedAt('2026-11-29T11:41:00Z', 'NoRepository') })],
    /NoRepository. Verify it again/,
  ],
])('may the volume go? %s', (_what, subjects, flaw) => {
  expect(flawBeforeEnd('known', subjects) ?? 'yes').toMatch(flaw ?? /^yes$/);
});
