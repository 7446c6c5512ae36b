// Which user jobs a sweep ends, and why.
import { reasonToEnd } from '../../../../functions/userjobs/end/plan';
import type { UserJob } from '../../../../functions/userjobs/record';

const NOW = new Date('2026-11-29T12:00:00Z');
const around = {
  services: new Set(['service']),
  tunnels: new Set(['with-tunnel']),
  createDeadlineSeconds: 300,
  now: NOW,
};

function userJob(uid: string, ageSeconds: number, record: object = {}): UserJob {
  const createdAt = new Date(NOW.getTime() - ageSeconds * 1000);
  return { uid, name: uid, createdAt, object: {}, record: { serviceUid: 'service', ...record } as UserJob['record'] };
}

test.each([
  ['one that is complete', userJob('with-tunnel', 10_000), undefined],
  ['one that is being made', userJob('new', 299), undefined],
  ['one that nobody has finished', userJob('new', 301), 'never_completed'],
  ['one whose service is gone', userJob('with-tunnel', 5, { serviceUid: 'other' }), 'service_gone'],
  ['one that was to end', userJob('with-tunnel', 5, { stoppedAt: NOW.toISOString() }), 'asked_to_stop'],
])('%s: %#', (_, subject, expected) => expect(reasonToEnd(subject, around)).toBe(expected));
