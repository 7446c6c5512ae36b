// The sample of descriptions/submission: users of a hub submit, what they wrote is verified and tested apart, and they get a signed receipt.
import { createHash, verify } from 'node:crypto';
import { join } from 'node:path';
import { eventually } from '../../support/eventually';
import { createSubmissions, type Submissions, type SubmissionState } from '../../support/intake/submissions';

jest.setTimeout(240_000);

let world: Submissions;

/** Stages of a submission with nothing to complain about. */
const ALL = ['setup succeeded', 'verify succeeded', 'test succeeded', 'results succeeded', 'finalise succeeded'];

beforeAll(async () => {
  world = await createSubmissions();
  await world.shell(`cd /claims/assignments
    mkdir -p hw1/data small
    echo 42 > hw1/data/expected
    printf '%s\\n' '#!/bin/sh' 'test -s "$1/answer.txt"' > hw1/verify
    printf '%s\\n' '#!/bin/sh' 'cat "$1/answer.txt" > "$2/seen"; echo "$*" > "$2/words"; test "$(cat "$1/answer.txt")" = 42' > hw1/test
    chmod +x hw1/verify hw1/test
    echo '{"bytes": 10, "files": 3}' > small/limits.json
    echo secret > hidden`);
  await world.shell(`cd /claims/claim-alice
    mkdir -p work many links
    echo 42 > work/answer.txt; printf 42 > answer.txt; printf 41 > wrong/answer.txt 2>/dev/null
    touch many/1 many/2 many/3 many/4; echo 0123456789abc > large
    echo mine > links/mine; ln -s /claims/assignments/hidden links/theirs; ln -s ../../../../../proc/self/environ links/environ
    ln -s work elsewhere`);
});

afterAll(async () => world?.close());

async function submit(body: object, user = 'alice'): Promise<string> {
  const answer = await world.as(user)('POST', '/submissions', body);
  if (answer.status !== 202) throw new Error(`answered ${answer.status}: ${answer.text}`);
  return (answer.body as { id: string }).id;
}

const phases = ({ stages }: Awaited<ReturnType<Submissions['ended']>>): readonly string[] =>
  stages.map(({ name, phase }) => `${name} ${phase}`);

it('a file passes through all stages, and its owner gets a receipt that can be checked', async () => {
  const sha256 = createHash('sha256').update('42').digest('hex');
  const id = await submit({ assignment: 'hw1', path: 'answer.txt', sha256 });

  expect(phases(await world.ended('alice', id))).toEqual(ALL);

  const folder = `/claims/claim-alice/submissions/hw1/${id}`;
  const [receipt = '', signature = '', seen] = (
    await world.shell(
      `cd ${folder}; cat receipt.json; echo; echo ---; cat receipt.sig; echo; echo ---; cat results/tested/seen`,
    )
  ).split('\n---\n');
  expect(JSON.parse(receipt)).toMatchObject({
    id,
    user: 'alice',
    assignment: 'hw1',
    path: 'answer.txt',
    sha256,
    bytes: 2,
  });
  expect(verify(null, Buffer.from(receipt), world.publicKey, Buffer.from(signature, 'base64'))).toBe(true);
  expect(
    verify(null, Buffer.from(receipt.replace('alice', 'mallory')), world.publicKey, Buffer.from(signature, 'base64')),
  ).toBe(false);
  expect(seen).toBe('42');
  // What was taken stays as it was, for the operator.
  const kept = `/claims/submissions/hw1/alice/${id}/files/answer.txt`;
  expect(await world.shell(`cat ${kept}; stat -c ' %a' ${kept}`)).toBe('42 444\n');
});

it('what is wrong fails at its stage, and the results are brought home all the same', async () => {
  await world.shell('mkdir -p /claims/claim-alice/bad; printf 41 > /claims/claim-alice/bad/answer.txt');
  const id = await submit({ assignment: 'hw1', path: 'bad/answer.txt' });

  const state = await world.ended('alice', id);

  expect(state).toMatchObject({ phase: 'failed', reason: 'StageFailed' });
  expect(phases(state)).toEqual([...ALL.slice(0, 2), 'test failed', ...ALL.slice(3)]);
  expect(await world.shell(`cat /claims/claim-alice/submissions/hw1/${id}/results/tested/seen`)).toBe('41');
});

it('what is not received is not run, and its owner reads why', async () => {
  const refused = [
    [{ assignment: 'hw9', path: 'answer.txt' }, /^there is no assignment hw9$/],
    [{ assignment: 'hw1', path: 'answer.txt', sha256: 'a'.repeat(64) }, /^its sha256 is another one/],
    [{ assignment: 'small', path: 'large' }, /^this is larger than is allowed$/],
    [{ assignment: 'small', path: 'many' }, /^these are more files than are allowed$/],
    [{ assignment: 'hw1', path: 'links/theirs' }, /ELOOP/],
    [{ assignment: 'hw1', path: 'elsewhere/answer.txt' }, /ENOTDIR|ELOOP/],
  ] as const;
  const ids = await Promise.all(refused.map(async ([body]) => submit(body)));
  const states = await Promise.all(ids.map(async (id) => world.ended('alice', id)));

  for (const state of states) {
    expect(phases(state)).toEqual([
      'setup failed',
      'verify skipped',
      'test skipped',
      'results succeeded',
      'finalise succeeded',
    ]);
  }
  const files = ids.map((id) => `/claims/claim-alice/submissions/*/${id}/results/rejected.txt`);
  const told = (await world.shell(`cat ${files.join(' ')}`)).trimEnd().split('\n');
  expect(told).toEqual(refused.map(([, reason]) => expect.stringMatching(reason) as string));
  expect(await world.shell(`find /claims/submissions -name '*.part'`)).toBe('');
});

it('links in a folder are left out, wherever they lead', async () => {
  const id = await submit({ assignment: 'small', path: 'links' });

  expect((await world.ended('alice', id)).phase).toBe('succeeded');

  expect(await world.shell(`cd /claims/submissions/small/alice/${id}/files; find . ! -type d`)).toBe('./links/mine\n');
});

it('a link in wait at home is not followed', async () => {
  await world.shell('ln -s /store /claims/claim-bob/submissions; printf 42 > /claims/claim-bob/answer.txt');
  const id = await submit({ assignment: 'hw1', path: 'answer.txt' }, 'bob');

  const state = await world.ended('bob', id);

  expect(phases(state)).toEqual([...ALL.slice(0, 4), 'finalise failed']);
});

it('stages see what they have to, and nothing else', async () => {
  const id = await submit({ assignment: 'hw1', path: 'answer.txt' });
  await world.ended('alice', id);

  const { kube } = world.sets.world.cluster;
  const mounts = async (stage: string): Promise<string> =>
    JSON.stringify((await kube.get('jobs', `${id}-${stage}`))?.['spec']);
  for (const stage of ['verify', 'test']) {
    const spec = await mounts(stage);
    for (const forbidden of ['claim-alice', '"assignments"', '"submissions"', 'secretRef'])
      expect(spec).not.toContain(forbidden);
  }
  expect(await mounts('results')).not.toContain('claim-alice');
  for (const stage of ['verify', 'test', 'results', 'finalise']) expect(await mounts(stage)).not.toContain('job-env-');
  expect(JSON.stringify(await kube.get('configmaps', `job-set-${id}`))).not.toContain('PRIVATE KEY');
});

it('a repeat with its key is the same submission, and the key of another user another one', async () => {
  const body = { assignment: 'small', path: 'links' };
  const first = await world.as('alice')('POST', '/submissions', body, 'once');
  const again = await world.as('alice')('POST', '/submissions', body, 'once');
  const other = await world.as('bob')('POST', '/submissions', body, 'once');
  const conflict = await world.as('alice')('POST', '/submissions', { ...body, path: 'work' }, 'once');

  expect([first.status, again.status, other.status, conflict.status]).toEqual([202, 202, 202, 422]);
  expect(again.body).toEqual(first.body);
  expect(other.body).not.toEqual(first.body);
});

it('a submission is there for its owner only, who may give it up', async () => {
  const id = await submit({ assignment: 'hw1', path: 'answer.txt' });

  expect((await world.as('bob')('GET', `/submissions/${id}`)).status).toBe(404);
  expect((await world.as('bob')('DELETE', `/submissions/${id}`)).status).toBe(404);
  expect((await world.as('alice')('DELETE', `/submissions/${id}`)).status).toBe(200);
  expect((await world.ended('alice', id)).phase).toBe('cancelled');
});

it('while the jobs function is away nobody is told that there is no such submission', async () => {
  const id = await submit({ assignment: 'hw1', path: 'answer.txt' });
  const { world: around } = world.sets;
  const away = await around.addFunction('intake', {
    INTAKE_SECRETS: join(around.workspace.root, 'intake'),
    JOBS_URL: 'http://127.0.0.1:9',
  });

  for (const method of ['GET', 'DELETE']) {
    const answer = await away.request(method, `/submissions/${id}`, {
      headers: { authorization: 'token token-of-alice' },
    });
    expect([answer.status, answer.headers['retry-after'], answer.body]).toEqual([
      503,
      '5',
      { detail: 'Submissions cannot be reached at the moment.' },
    ]);
  }
  expect((await world.ended('alice', id)).phase).toBe('succeeded');
});

it('who has no claim is told what the submission waits for, and not for a day', async () => {
  const id = await submit({ assignment: 'hw1', path: 'answer.txt' }, 'carol');

  const message = await eventually(async () => {
    const { body } = await world.as('carol')('GET', `/submissions/${id}`);
    const [setup] = (body as SubmissionState).stages;
    if (setup?.message?.includes('claim-carol')) return setup.message;
    throw new Error(JSON.stringify(body));
  }, 30);
  expect(message).toMatch(/not found/);
  const job = await world.sets.world.cluster.kube.get('jobs', `${id}-setup`);
  expect(job?.metadata?.annotations).toMatchObject({ 'hub-functions/wait-seconds': '300' });
  expect((await world.as('carol')('DELETE', `/submissions/${id}`)).status).toBe(200);
});

it.each([
  ['an unknown token', 'nobody', 401],
  ['the token of a service, whatever its name', 'service', 401],
  ['a name that is no DNS label', 'jane', 403],
])('%s gets nobody in', async (_what, user, status) => {
  expect((await world.as(user)('POST', '/submissions', { assignment: 'hw1', path: 'answer.txt' })).status).toBe(status);
});

it.each([
  { assignment: 'hw1', path: '../other' },
  { assignment: 'hw1', path: '/etc/passwd' },
  { assignment: '../hw1', path: 'answer.txt' },
  { assignment: 'hw1', path: '<user>' },
  { assignment: 'hw1', path: 'answer.txt', user: 'bob' },
  { assignment: 'hw1' },
])('%j is refused', async (body) => {
  expect((await world.as('alice')('POST', '/submissions', body)).status).toBe(422);
});

it('a name with all that a shell would read is a name', async () => {
  const name = `a b $(touch x) $(ID) $$ "'; &.txt`;
  const encoded = Buffer.from(name).toString('base64');
  await world.shell(`cd /claims/claim-alice; printf 42 > "$(echo ${encoded} | base64 -d)"`);

  const answer = await world.as('alice')('POST', '/submissions', { assignment: 'small', path: name });

  expect(answer.status).toBe(202);
  const { id } = answer.body as { id: string };
  expect((await world.ended('alice', id)).phase).toBe('succeeded');
});
