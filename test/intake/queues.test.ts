// What is pushed to lists of a real Redis becomes jobs, on behalf of whoever is known to have pushed it; the rest is kept with a reason.
import { eventually } from '../support/eventually';
import { createIntake, sign, untilGone, waiting, type Intake } from '../support/intake/intake';

jest.setTimeout(120_000);

interface PodSource {
  readonly template: {
    readonly metadata: { readonly labels: Record<string, string> };
    readonly spec: { readonly serviceAccountName?: string };
  };
}

let intake: Intake;

beforeAll(async () => {
  const profiles = { accounted: { defaults: { serviceAccount: 'builder' } } };
  intake = await createIntake({ users: ['alice', 'bob'], jobs: { profiles } });
});

afterAll(async () => intake?.close());

async function reasonOf(queue: string, message: string | object): Promise<string> {
  const before = (await intake.dead(queue)).length;
  await intake.push(queue, message);
  expect((await intake.drain()).status).toBe(204);
  const letters = await intake.dead(queue);
  expect(letters).toHaveLength(before + 1);
  expect(letters[0]?.body).toBe(typeof message === 'string' ? message : JSON.stringify(message));
  return letters[0]?.reason ?? '';
}

it('a message becomes a job, and what became of it can be read', async () => {
  await intake.push('work', waiting('first'));

  expect((await intake.drain()).status).toBe(204);

  const [id] = await intake.jobsWith('first');
  expect((await intake.items('work:done')).map((text) => JSON.parse(text) as object)).toMatchObject([
    { job: id, attempts: 1 },
  ]);
  expect(await intake.items('work')).toEqual([]);
  expect(await intake.items('work:processing')).toEqual([]);
  expect(await intake.redisUser.send('KEYS', 'work:*')).toEqual(['work:done']);
});

it('equal messages are two jobs, unless their sender says by an id that they are one', async () => {
  await intake.push('work', waiting('equal'), waiting('equal'));
  await intake.push('work', { id: 'mine', ...waiting('once') }, { id: 'mine', ...waiting('once') });

  await intake.drain();

  expect(await intake.jobsWith('equal')).toHaveLength(2);
  expect(await intake.jobsWith('once')).toHaveLength(1);
});

it('an id that stands for something else already is told', async () => {
  await intake.push('work', { id: 'theirs', ...waiting('taken') });
  await intake.drain();

  expect(await reasonOf('work', { id: 'theirs', ...waiting('other') })).toMatch(/^409: This Idempotency-Key/);
});

it('jobs are cancelled by their ids, and what is gone is no trouble', async () => {
  await intake.push('work', waiting('cancelled'));
  await intake.drain();
  const ids = await intake.jobsWith('cancelled');

  await intake.push('cleanup', ...ids, '00001');
  await intake.drain();

  await untilGone(intake, ids);
  expect(await intake.dead('cleanup')).toEqual([]);
});

it.each([
  ['no JSON', 'work', '{"request"', 'unreadable: The message is not JSON.'],
  ['no notation', 'work', 'run this; rm -rf /', 'unreadable: The message is in no notation that is known here.'],
  ['an unknown field', 'work', { request: {}, as: 'root' }, /^unreadable: /],
  ['what the jobs function refuses', 'work', { request: { cmd: '', retries: 99 } }, /^422: cmd: .*retries: /],
  [
    'a claim that the credential may not have',
    'work',
    waiting('x', { claims: [{ name: 'home', mountPath: '/h' }] }),
    /^403: claim home/,
  ],
  ['a user on a queue that proves none', 'work', { user: 'alice', ...waiting('x') }, /^unproven: /],
  [
    'the user of a submission, out of the message',
    'work',
    `submit alice hw1 ${'a'.repeat(40)} answer.py`,
    /^unproven: /,
  ],
  ['a mode that was never made', 'trusted', `psubmit alice hw1 ${'a'.repeat(40)} answer.py`, /^unproven: psubmit/],
  ['an encrypted command', 'trusted', 'ab'.repeat(256), /^unproven: Who encrypts/],
  ['what is signed where nobody has a key', 'work', sign({ aud: 'work', ...waiting('x') }), /^unproven: /],
  ['what would only look', 'work', waiting('x', { dryRun: true }), /^unreadable: request\.dryRun: /],
  ['what this queue does not take', 'cleanup', waiting('x'), 'not_taken: A request may not be asked for here.'],
  ['what is not signed', 'signed', waiting('x'), 'unproven: What is not signed is not taken here.'],
  [
    'what is signed with another key',
    'signed',
    sign({ aud: 'signed', ...waiting('x') }, 'another key, which is long enough too'),
    /^unproven: The signature/,
  ],
  [
    'what is signed for another channel',
    'signed',
    sign({ aud: 'events', ...waiting('x') }),
    'unproven: It is signed for somebody else.',
  ],
  ['what has expired', 'signed', sign({ aud: 'signed', iat: 1, exp: 2, ...waiting('x') }), 'unproven: It has expired.'],
  ['what is valid for ever', 'signed', sign({ aud: 'signed', exp: 9e9, ...waiting('x') }), /^unproven: It is valid/],
  [
    'an algorithm of its own choice',
    'signed',
    sign({ aud: 'signed', ...waiting('x') }, undefined, { alg: 'none' }),
    /^unproven: The signature/,
  ],
  [
    'somebody else’s claim',
    'trusted',
    { user: 'alice', ...waiting('x', { claims: [{ name: 'claim-bob', mountPath: '/h' }] }) },
    /^not_theirs: /,
  ],
  [
    'somebody else’s claim in a stage',
    'trusted',
    { user: 'alice', request: { stages: [{ name: 'a', claims: [{ name: 'claim-bob', mountPath: '/h' }] }] } },
    /^not_theirs: /,
  ],
])('dead with its reason: %s', async (_what, queue, message, reason) => {
  // A text has to be in it.
  expect(await reasonOf(queue, message)).toMatch(reason);
});

it('a message that is too large is dead, and only its beginning is kept', async () => {
  await intake.push('work', JSON.stringify(waiting('large')) + ' '.repeat(1024 * 1024));

  await intake.drain();

  const [letter] = await intake.dead('work');
  expect(letter?.reason).toBe('larger than 1048576 bytes');
  expect(letter?.body).toHaveLength(1024);
});

it('a signature says who the user is, and a replay is the same job', async () => {
  const message = sign({ aud: 'signed', sub: 'alice', jti: 'only-once', ...waiting('signed') });
  await intake.push('signed', message, message);

  await intake.drain();

  const [id, ...others] = await intake.jobsWith('signed');
  expect(others).toEqual([]);
  expect((await intake.get(id ?? '')).metadata.labels).toMatchObject({ 'hub-user': 'alice' });
});

it('a user’s job has no service account, though its profile has one', async () => {
  const stages = [{ name: 'one', nodeSelector: { nowhere: 'at-all' }, labels: { 'hub-user': 'bob' } }];
  await intake.push('trusted', { user: 'alice', ...waiting('account', { profile: 'accounted' }) });
  await intake.push('trusted', {
    user: 'alice',
    request: { profile: 'accounted', labels: { test: 'account' }, stages },
  });
  await intake.push('work', waiting('credential', { profile: 'accounted' }));

  await intake.drain();

  const { kube } = intake.world.cluster;
  const podsOf = async (test: string) => (await kube.list('jobs', `test=${test}`)).map(({ spec }) => spec as PodSource);
  const theirs = await podsOf('account');
  expect(theirs.map(({ template }) => template.metadata.labels['hub-user'])).toEqual(['alice', 'alice']);
  expect(theirs.map(({ template }) => template.spec.serviceAccountName ?? 'default')).toEqual(['default', 'default']);
  expect(await podsOf('credential')).toMatchObject([{ template: { spec: { serviceAccountName: 'builder' } } }]);
});

it('a list that only its user may write says who they are, whatever the message says', async () => {
  const alice = await intake.redis.as('alice');
  await alice.send(
    'LPUSH',
    'submit:alice',
    JSON.stringify(waiting('listed')),
    JSON.stringify({ user: 'bob', ...waiting('listed') }),
  );
  await expect(alice.send('LPUSH', 'submit:bob', 'x')).rejects.toThrow('NOPERM');
  await expect(alice.send('LPUSH', 'submit', 'x')).rejects.toThrow('NOPERM');
  alice.close();

  await intake.drain();

  const [id, ...others] = await intake.jobsWith('listed');
  expect(others).toEqual([]);
  expect((await intake.get(id ?? '')).metadata.labels).toMatchObject({ 'hub-user': 'alice' });
  expect(await intake.dead('submit')).toMatchObject([
    { user: 'alice', reason: expect.stringMatching(/^unproven: /) as string },
  ]);
});

it('one user’s thousand does not keep another’s one waiting', async () => {
  const mine = Array.from({ length: 60 }, () => JSON.stringify(waiting('many')));
  await intake.push('submit:alice', ...mine);
  await intake.push('submit:bob', waiting('one'));

  const drained = intake.drain();
  await eventually(async () => ((await intake.jobsWith('one')).length === 1 ? true : undefined));
  const left = await intake.items('submit:alice');
  await drained;

  expect(left.length).toBeGreaterThan(0);
  expect(await intake.jobsWith('many')).toHaveLength(60);
});

it('a queue that is no list keeps nobody else waiting', async () => {
  await intake.redisUser.send('SET', 'trusted', 'no list');
  await intake.push('work', waiting('beside'));

  expect((await intake.drain()).status).toBe(503);

  expect(await intake.jobsWith('beside')).toHaveLength(1);
  await intake.redisUser.send('DEL', 'trusted');
  expect((await intake.drain()).status).toBe(204);
});

it('counts what it did', async () => {
  const { text } = await intake.intake.request('GET', '/metrics');
  expect(text).toMatch(/^hub_functions_intake_done_total [1-9]\d*$/m);
  expect(text).toMatch(/^hub_functions_intake_dead_total [1-9]\d*$/m);
});

it('writes no message and no secret to its log', () => {
  const output = intake.intake.output();
  expect(output).toContain('a message is dead');
  for (const secret of ['password-of-', 'nowhere', 'rm -rf', 'eyJ']) expect(output).not.toContain(secret);
});

it('two instances at once make each message one job', async () => {
  const other = await intake.addIntake();
  await intake.push('work', ...Array.from({ length: 100 }, () => waiting('both')));

  await Promise.all([intake.drain(), intake.drain(other)]);

  expect(await intake.jobsWith('both')).toHaveLength(100);
});
