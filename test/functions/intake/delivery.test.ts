// Who is meant by a message, and what becomes of it: a table of channels and of what is asked there.
import type { Channel } from '../../../functions/intake/configFile';
import { deliveryOf, type Received } from '../../../functions/intake/delivery';
import type { Asked } from '../../../functions/intake/message';
import { jobId } from '../../../lib/jobs/names';

const RULES = {
  userClaims: ['claim-<user>', 'shared'],
  template: () => Promise.resolve((values: object) => ({ filled: values })),
};
const channel = (identity: Channel['identity']): Channel => ({
  credential: 'course',
  identity,
  takes: ['request', 'submission', 'archive', 'cancel'],
});

async function deliver(asked: Asked, identity: Channel['identity'], more: Partial<Received> = {}) {
  const received = { channelName: 'q', channel: channel(identity), asked, isSigned: false, messageId: 'uuid', ...more };
  return deliveryOf(received, RULES);
}

const SUBMISSION = { submission: { assignment: 'hw1', path: 'a' } };

test('a message without an id is a job of the id that it was given', async () => {
  expect(await deliver({ request: { cmd: 'true' } }, 'channel')).toEqual({
    to: 'jobs',
    credential: 'course',
    method: 'POST',
    path: '/jobs',
    key: 'uuid',
    isOwnKey: true,
    job: jobId('course', 'uuid'),
    body: { cmd: 'true' },
  });
});

test('the same id of two users, or on two channels, is not the same', async () => {
  const asked = { id: '1', user: 'alice', request: {} };
  const keys = await Promise.all([
    deliver(asked, 'trusted'),
    deliver({ ...asked, user: 'bob' }, 'trusted'),
    deliver(asked, 'trusted', { channelName: 'other' }),
    deliver({ id: '1', request: {} }, 'trusted'),
  ]);
  expect(new Set(keys.map(({ key }) => key)).size).toBe(4);
  expect(keys.some(({ isOwnKey }) => isOwnKey)).toBe(false);
});

test('under a name that others may know a conflict is one', async () => {
  expect(await deliver({ request: { name: 'nightly' } }, 'channel')).toMatchObject({ isOwnKey: false, job: 'nightly' });
});

test.each([
  ['list', { listUser: 'alice' }, SUBMISSION],
  ['list', { listUser: 'alice' }, { ...SUBMISSION, user: 'alice' }],
  ['signed', { isSigned: true }, { ...SUBMISSION, user: 'alice' }],
  ['trusted', {}, { ...SUBMISSION, user: 'alice' }],
] as const)('on a channel of kind %s with %j, %j is alice’s', async (identity, more, asked) => {
  const id = jobId('course', 'uuid');
  expect((await deliver(asked, identity, more)).body).toEqual({
    filled: { id, user: 'alice', assignment: 'hw1', path: 'a', sha1: '', sha256: '' },
    labels: { 'hub-user': 'alice' },
  });
});

test.each([
  ['channel', {}, { ...SUBMISSION, user: 'alice' }, 'unproven'],
  ['channel', { isSigned: true }, { ...SUBMISSION, user: 'alice' }, 'unproven'],
  ['channel', {}, SUBMISSION, 'no_user'],
  ['list', {}, SUBMISSION, 'unproven'],
  ['list', { listUser: 'bob' }, { ...SUBMISSION, user: 'alice' }, 'unproven'],
  ['signed', {}, { ...SUBMISSION, user: 'alice' }, 'unproven'],
  ['signed', { isSigned: true }, SUBMISSION, 'no_user'],
  ['trusted', {}, SUBMISSION, 'no_user'],
  ['trusted', {}, { user: 'alice', cancel: 'x' }, 'not_taken'],
  ['trusted', {}, { user: 'alice', archive: { claim: 'claim-bob' } }, 'not_theirs'],
  ['trusted', {}, { user: 'alice', request: { claims: [{ name: 'claim-bob' }] } }, 'not_theirs'],
  ['trusted', {}, { user: 'alice', request: { stages: [{ claims: [{ name: 'claim-bob' }] }] } }, 'not_theirs'],
  ['trusted', {}, { user: 'alice', request: { serviceAccount: 'admin' } }, 'not_theirs'],
  ['trusted', {}, { user: 'alice', request: { stages: [{ serviceAccount: 'admin' }] } }, 'not_theirs'],
] as const)('on a channel of kind %s with %j, %j is refused: %s', async (identity, more, asked, code) => {
  await expect(deliver(asked as Asked, identity, more)).rejects.toMatchObject({ code, status: 400 });
});

test('a user’s request has that user’s claims, and carries the name', async () => {
  const request = {
    claims: [{ name: 'made', size: '1Gi' }],
    stages: [{ claims: [{ name: 'claim-alice' }, { name: 'shared' }, { set: 'made' }] }],
    labels: { a: 'b', 'hub-user': 'bob' },
  };
  expect((await deliver({ user: 'alice', request }, 'trusted')).body).toMatchObject({
    claims: request.claims,
    stages: request.stages,
    labels: { a: 'b', 'hub-user': 'alice' },
  });
});

async function bodyOf(request: Readonly<Record<string, unknown>>): Promise<object | undefined> {
  return (await deliver({ user: 'alice', request }, 'trusted')).body;
}

test('a user’s request is without an account and under that user’s name in each of its pods', async () => {
  const labels = { a: 'b', 'hub-user': 'bob' };
  const theirs = { labels: { a: 'b', 'hub-user': 'alice' }, serviceAccount: null };

  expect(await bodyOf({ cmd: 'true', labels })).toEqual({ cmd: 'true', ...theirs });
  expect(await bodyOf({ stages: [{ name: 'one', labels }, { name: 'two' }, 'three'] })).toEqual({
    stages: [
      { name: 'one', ...theirs },
      { name: 'two', labels: { 'hub-user': 'alice' }, serviceAccount: null },
      'three',
    ],
    labels: { 'hub-user': 'alice' },
  });
});

test('a backup is asked of the archive function, a cancellation has no key', async () => {
  expect(await deliver({ archive: { claim: 'any' } }, 'channel')).toMatchObject({
    to: 'archives',
    path: '/archives',
    key: 'uuid',
    body: { claim: 'any' },
  });
  expect(await deliver({ cancel: 'x' }, 'channel')).toEqual({
    to: 'jobs',
    credential: 'course',
    method: 'DELETE',
    path: '/jobs/x',
    isOwnKey: false,
    job: 'x',
  });
});

test('what a channel does not take is refused', async () => {
  const only = { ...channel('channel'), takes: ['cancel' as const] };
  await expect(deliver({ request: {} }, 'channel', { channel: only })).rejects.toMatchObject({ code: 'not_taken' });
});
