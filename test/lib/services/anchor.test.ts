import { anchorManifest, endedManifest, endingManifest, isReadable, toAnchor } from '../../../lib/services/anchor';
import { anchorName, serviceId } from '../../../lib/services/names';
import { endedProgress, NO_PROGRESS } from '../../../lib/services/progress';

const start = {
  credential: 'hub',
  servername: 'lab1',
  startId: '1a2b3c4d',
  service: 'lab',
  userId: 17,
  userOptions: { service: 'lab', nested: { list: [1, null] } },
  startDate: '2026-11-20T15:56:38.842948Z',
  digest: 'd',
};

test('the id is servername and start id where that can be part of a name', () => {
  expect(serviceId(start)).toBe('lab1-1a2b3c4d');
  expect(serviceId({ servername: 'Lab_1', startId: 'x' })).toMatch(/^lab-1-x-[0-9a-f]{12}$/);
});

test('ids that differ only beyond the cut stay different and short enough for names', () => {
  const long = 'n'.repeat(60);
  const ids = ['a', 'b'].map((startId) => serviceId({ servername: long, startId }));
  expect(ids[0]).not.toBe(ids[1]);
  expect(`deployment-main-${ids[0]}`.length).toBeLessThanOrEqual(63);
});

test('every start of a name has the same anchor, those of other credentials and names have others', () => {
  const names = [
    anchorName(start),
    anchorName({ ...start, credential: 'other' }),
    anchorName({ credential: 'hu', servername: 'blab1' }),
    anchorName({ credential: 'hub', servername: 'lab-1' }),
  ];
  expect(new Set(names).size).toBe(4);
  for (const name of names) expect(name).toMatch(/^[a-z0-9-]{1,63}$/);
});

test('an anchor carries the record there and back', () => {
  const manifest = anchorManifest(start, 'hub-ns');
  expect(toAnchor(manifest).start).toEqual(start);
  expect(toAnchor(manifest).ending).toBeUndefined();
  expect(JSON.stringify(manifest.metadata)).not.toContain('nested');
});

test('what remains of an ended service tells how it ended', () => {
  const ending = {
    phase: 'failed',
    reason: 'ImagePull',
    message: 'm',
    retryable: false,
    details: { error: 'e', detailed_error: 'd' },
  };
  const name = anchorName(start);
  const { ending: _kept, ...progress } = endedProgress(NO_PROGRESS, ending, new Date('2026-11-20T16:00:00Z'));
  const ended = { start, ending, progress };
  for (const record of [endedManifest(ended, 'hub-ns'), endingManifest(ended, 'hub-ns')]) {
    expect(toAnchor(record)).toMatchObject(ended);
    expect(record.metadata?.labels).toMatchObject({ 'hub-functions/anchor': name, 'hub-functions/phase': 'ended' });
  }
  expect(endedManifest(ended, 'hub-ns').metadata?.name).toBe(name);
  expect(endingManifest(ended, 'hub-ns').metadata?.name).not.toBe(name);
});

test('a record that cannot be read belongs to nobody, and stops no work on others', () => {
  for (const data of [undefined, {}, { 'service.json': '{broken' }]) {
    const anchor = toAnchor({ metadata: { name: 'service-x' }, ...(data && { data }) });
    expect(isReadable(anchor)).toBe(false);
    expect(anchor).toMatchObject({ name: 'service-x', start: { credential: '', servername: '' }, ending: undefined });
  }
  expect(isReadable(toAnchor(anchorManifest(start, 'hub-ns')))).toBe(true);
});
