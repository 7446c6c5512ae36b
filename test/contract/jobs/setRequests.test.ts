// What may be asked for as a set, what is refused before anything exists, and what a repeat gets.
import { createJobSets, type JobSets } from '../../support/jobSets';
import { jobsOf } from '../../support/jobs';

jest.setTimeout(120_000);

const ONE = [{ name: 'one', cmd: 'true' }];
const HOME = { name: 'home-hub-a-1', mountPath: '/home' };

let sets: JobSets;

beforeAll(async () => {
  sets = await createJobSets({
    claims: ['home-<credential>-*'],
    profiles: { small: { limits: { cpu: '100m' } } },
    sets: { claimSize: '1Gi', storageClasses: ['standard'], untrustedClaims: ['home-<credential>-1'] },
  });
});

afterAll(async () => sets?.close());

test.each<[string, object, number, RegExp]>([
  ['no stage', { stages: [] }, 422, /stages/],
  [
    'a thousand stages',
    { stages: Array.from({ length: 1_000 }, (_, index) => ({ name: `s${index}` })) },
    422,
    /1000.*at most 20/,
  ],
  [
    'a list of eleven claims',
    { stages: ONE, claims: Array.from({ length: 11 }, (_, index) => ({ name: `c${index}`, size: '1Mi' })) },
    422,
    /claims/,
  ],
  ['stages that are no list', { stages: { one: {} } }, 422, /stages/],
  ['a stage without a name', { stages: [{ cmd: 'true' }] }, 422, /stages\[0\]\.name/],
  ['two stages of one name', { stages: [...ONE, ...ONE] }, 422, /stages\[1\]\.name.*another stage/],
  ['a name that is no label', { stages: [{ name: 'One' }] }, 422, /DNS label/],
  ['a name that is too long', { name: 'x'.repeat(37), stages: ONE }, 422, /36/],
  ['two commands', { stages: [{ name: 'one', cmd: 'a', args: ['b'] }] }, 422, /either cmd or args/],
  [
    'a claim that the set does not have',
    { stages: [{ name: 'one', claims: [{ set: 'x', mountPath: '/x' }] }] },
    422,
    /no claim x/,
  ],
  [
    'two claims of one name',
    { stages: ONE, claims: [0, 1].map(() => ({ name: 'c', size: '1Mi' })) },
    422,
    /another claim/,
  ],
  [
    'two claims at one path',
    {
      stages: [{ name: 'one', claims: [HOME, { set: 'c', mountPath: '/home' }] }],
      claims: [{ name: 'c', size: '1Mi' }],
    },
    422,
    /stages\[0\].*\/home is mounted twice/,
  ],
  [
    'a file where a claim is',
    { stages: [{ name: 'one', claims: [HOME], files: { '/home': 'text' } }] },
    422,
    /\/home is mounted twice/,
  ],
  [
    'a later stage that Kubernetes will not have',
    { stages: [...ONE, { name: 'two', resources: { cpu: '2', cpuLimit: '1' } }] },
    422,
    /stages\.two: .*cpu/,
  ],
  ['something unknown', { stages: ONE, parallel: true }, 422, /parallel/],
  [
    'an account that is untrusted',
    { stages: [{ name: 'one', untrusted: true, serviceAccount: 'x' }] },
    422,
    /untrusted/,
  ],
  ['a claim that is too large', { stages: ONE, claims: [{ name: 'c', size: '2Gi' }] }, 403, /claims\.c: size 2Gi/],
  [
    'a storage class',
    { stages: ONE, claims: [{ name: 'c', size: '1Mi', storageClass: 'fast' }] },
    403,
    /storage class fast/,
  ],
  [
    'a claim of others',
    { stages: [{ name: 'one', claims: [{ ...HOME, name: 'other' }] }] },
    403,
    /stages\.one: claim other/,
  ],
  ['to write when untrusted', { stages: [{ name: 'one', untrusted: true, claims: [HOME] }] }, 403, /read only/],
  [
    'to read when untrusted',
    { stages: [{ name: 'one', untrusted: true, claims: [{ ...HOME, name: 'home-hub-a-2', readOnly: true }] }] },
    403,
    /home-hub-a-2 is not allowed/,
  ],
  [
    'more than its profile',
    { profile: 'small', stages: [{ name: 'one', resources: { cpu: '1' } }] },
    403,
    /stages\.one: Profile small/,
  ],
  [
    'a label that a Service may select by',
    { stages: [...ONE, { name: 'two', labels: { component: 'hub' } }] },
    403,
    /stages\.two: label component is not allowed/,
  ],
  ['an unknown profile', { profile: 'large', stages: ONE }, 422, /no large/],
  [
    'too much',
    { stages: [1, 2, 3, 4, 5, 6, 7, 8].map((n) => ({ name: `s${n}`, cmd: 'x'.repeat(118_000) })) },
    422,
    /larger/,
  ],
  [
    'more than a request may be',
    { stages: [1, 2, 3, 4, 5, 6, 7, 8, 9].map((n) => ({ name: `s${n}`, cmd: 'x'.repeat(125_000) })) },
    413,
    /exceeds the limit/,
  ],
])('%s is refused, and leaves nothing', async (_what, json, status, detail) => {
  const answer = await sets.send('POST', '/jobs', { json });

  expect([answer.status, answer.text]).toEqual([status, expect.stringMatching(detail)]);
  expect(await sets.world.cluster.kube.everything('app.kubernetes.io/managed-by=hub-functions')).toEqual([]);
});

test('an untrusted stage may read what the operator says, and a trusted one its own home', async () => {
  const stages = [
    { name: 'one', untrusted: true, claims: [{ ...HOME, readOnly: true }] },
    { name: 'two', claims: [{ ...HOME, name: 'home-hub-a-2' }] },
  ];

  const answer = await sets.send('POST', '/jobs', { json: { stages, dryRun: true } });

  expect(answer.status).toBe(200);
  expect(answer.body).toMatchObject({
    kind: 'JobSet',
    spec: { stages: [{ name: 'one', untrusted: true }, { name: 'two' }] },
  });
  expect(await sets.world.cluster.kube.everything('app.kubernetes.io/managed-by=hub-functions')).toEqual([]);
});

test('a repeat is the same set, with a key as with a name; another request is a conflict', async () => {
  const key = { 'idempotency-key': 'set-1' };
  const keyed = { stages: ONE };
  const named = { name: 'mine', stages: ONE };

  const [first, second] = [await sets.submit(keyed, key), await sets.submit(keyed, key)];
  const both = await Promise.all([sets.submit(named), sets.submit(named)]);
  const conflicts = await Promise.all([
    sets.send('POST', '/jobs', { json: { stages: [{ name: 'other' }] }, headers: key }),
    sets.send('POST', '/jobs', { json: { cmd: 'true' }, headers: key }),
    sets.send('POST', '/jobs', { json: { ...named, labels: { a: 'b' } } }),
    sets.send('POST', '/jobs', { json: { name: 'mine', cmd: 'true' } }),
    jobsOf(sets.instance, 'hub-b').send('POST', '/jobs', { json: named }),
  ]);

  expect(second.metadata.uid).toBe(first.metadata.uid);
  expect(new Set(both.map(({ metadata }) => metadata.uid)).size).toBe(1);
  expect(conflicts.map(({ status }) => status)).toEqual([409, 409, 409, 409, 409]);
  expect((await sets.ended(await sets.submit(named))).state.phase).toBe('succeeded');
});

test('a set does not take the id of a job', async () => {
  await sets.submit({ name: 'plain', cmd: 'true' });

  expect((await sets.send('POST', '/jobs', { json: { name: 'plain', stages: ONE } })).status).toBe(409);
});

test('a name of which one stage is a Job already is refused, and leaves nothing', async () => {
  await sets.ended(await sets.submit({ name: 'held-two', cmd: 'true' }));

  const answer = await sets.send('POST', '/jobs', { json: { name: 'held', stages: [...ONE, { name: 'two' }] } });

  expect([answer.status, answer.text]).toEqual([
    409,
    expect.stringMatching(/stages\.two: Job held-two exists already/),
  ]);
  expect(await sets.world.cluster.kube.everything('hub-functions/job-set=held')).toEqual([]);
});

test('a claim that has the name already is nobody else’s', async () => {
  await sets.world.cluster.kube.create('persistentvolumeclaims', {
    metadata: { name: 'job-set-kept.one' },
    spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Mi' } } },
  });

  const json = { name: 'kept', stages: ONE, claims: [{ name: 'one', size: '1Mi' }] };
  const answer = await sets.send('POST', '/jobs', { json });

  expect([answer.status, answer.text]).toEqual([
    409,
    expect.stringMatching(/PersistentVolumeClaim job-set-kept\.one exists/),
  ]);
});

test.each([
  ['claim', 'bob', 'claim-bob'],
  ['claim-bob', 'x', 'claim-bob.x'],
])('set %s with a claim %s does not make the home %s', async (name, claim, home) => {
  await sets.submit({ name, stages: ONE, claims: [{ name: claim, size: '1Mi' }] });

  const claims = await sets.world.cluster.kube.list('persistentvolumeclaims', `hub-functions/job-set=${name}`);
  expect(claims.map(({ metadata }) => metadata?.name)).toEqual([`job-set-${name}.${claim}`]);
  expect(await sets.world.cluster.kube.get('persistentvolumeclaims', home)).toBeUndefined();
});

test('a Job that takes the name of a stage meanwhile is nobody else’s: the stage fails', async () => {
  const set = await sets.submit({
    name: 'taken',
    stages: [
      { name: 'one', cmd: 'sleep 3' },
      { name: 'two', cmd: 'true' },
    ],
  });
  await sets.submit({ name: 'taken-two', cmd: 'true' });

  const ended = await sets.ended(set);

  expect(ended.state).toMatchObject({ phase: 'failed', stages: [{ phase: 'succeeded' }, { reason: 'StartRefused' }] });
});

test.each([
  ['a job', 'exam-1', (work: object) => ({ name: 'exam-1-test', ...work })],
  ['a stage of another set', 'test-1', (work: object) => ({ name: 'test', stages: [{ name: '1-test', ...work }] })],
])(
  '%s gets none of the secrets and files of a stage whose name it takes before it begins',
  async (_what, name, taker) => {
    const own = { secretEnv: { WORD: 'secret' }, files: { '/f': 'confidential' } };
    const other = { secretEnv: { WORD: 'none' }, files: { '/f': 'nothing' } };
    await sets.submit({
      name,
      stages: [
        { name: 'wait', cmd: 'sleep 600' },
        { name: 'test', ...own },
      ],
    });
    const thief = jobsOf(sets.instance, 'hub-b');

    const { metadata } = await thief.ended(await thief.submit(taker({ cmd: 'echo "$WORD"; cat /f', ...other })));

    expect((await thief.logs(metadata.name)).text).toContain('none\nnothing');
    await sets.send('DELETE', `/jobs/${name}`);
  },
);

test('for another it is not there', async () => {
  const { metadata } = await sets.submit({ stages: ONE });
  const other = jobsOf(sets.instance, 'hub-b');

  const paths = ['', '/status', '/logs', '/events'].map((path) => `/jobs/${metadata.name}${path}`);
  const answers = await Promise.all(paths.map(async (path) => other.send('GET', path)));
  expect(answers.map(({ status }) => status)).toEqual([404, 404, 404, 404]);
  expect((await other.send('DELETE', `/jobs/${metadata.name}`)).status).toBe(404);
});
