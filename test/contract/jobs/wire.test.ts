// The jobs API: rows J1 to J6 of its contract, who may see what, and what happens to repeats, secrets and cancelled jobs.
import { randomUUID } from 'node:crypto';
import { basic } from '../../support/credentialFiles';
import { eventually } from '../../support/eventually';
import { createJobs, type JobObject, type Jobs } from '../../support/jobs';

jest.setTimeout(80_000);

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[48][0-9a-f]{3}-[89a-f][0-9a-f]{3}-[0-9a-f]{12}$/;

let jobs: Jobs;

beforeAll(async () => {
  const small = { limits: { memory: '1Gi', deadlineSeconds: 60 }, images: ['dev.local/*'], claims: ['shared-*'] };
  jobs = await createJobs({ profiles: { small } });
});

afterAll(async () => jobs?.world.close());

it('J1: tells that it lives, to everybody', async () => {
  const answer = await jobs.instance.request('GET', '/');

  expect([answer.status, answer.body]).toEqual([200, { status: 'alive' }]);
});

it('J2, J5: a command runs, and the answer is the Job in snake_case', async () => {
  const job = await jobs.submit({ cmd: 'echo hello; echo on stderr >&2' });

  expect(job.metadata.name).toMatch(UUID);
  expect(job.metadata.labels).toMatchObject({ app: 'orchestrator' });
  expect(job).toMatchObject({ api_version: 'batch/v1', kind: 'Job', spec: { backoff_limit: 0, completions: 1 } });
  expect(job.spec.template.spec.containers[0]).toMatchObject({
    name: `${job.metadata.name}-container`,
    command: ['sh'],
    args: ['-c', 'echo hello; echo on stderr >&2'],
  });
  expect(job.status).toMatchObject({ succeeded: null, completion_time: null });

  expect((await jobs.ended(job)).state).toMatchObject({ phase: 'succeeded' });
  const logs = await jobs.send('GET', `/jobs/${job.metadata.name}/logs`);
  expect(logs.headers['content-type']).toMatch(/^text\/plain/);
  expect(logs.text.split('\n').toSorted()).toEqual(['', 'hello', 'on stderr']);
});

it('J2: as curl sends it with nothing but -d', async () => {
  const headers = { 'content-type': 'application/x-www-form-urlencoded' };
  const answer = await jobs.send('POST', '/jobs', { headers, raw: '{"cmd":"exit 0"}' });

  expect([answer.status, answer.body]).toMatchObject([200, { kind: 'Job' }]);
});

it('J3: the list has id and status of each job, the status is the status alone', async () => {
  const { metadata } = await jobs.ended(await jobs.submit({ cmd: 'true' }));

  const list = (await jobs.send('GET', '/jobs')).body as readonly { job: string }[];
  const status = (await jobs.send('GET', `/jobs/${metadata.name}/status`)).body;

  expect(status).toMatchObject({ succeeded: 1, failed: null });
  expect(list.find(({ job }) => job === metadata.name)).toEqual({ job: metadata.name, ...(status as object) });
});

it.each(['', '/status', '/logs'])('J4: a job that is not there is not found: /jobs/{id}%s', async (path) => {
  const answer = await jobs.send('GET', `/jobs/${randomUUID()}${path}`);

  expect([answer.status, answer.body]).toEqual([404, { detail: 'Job not found' }]);
});

it('J4: a job without a pod has no log', async () => {
  const job = await jobs.submit({ cmd: 'true', nodeSelector: { nowhere: 'at-all' } });
  await jobs.send('DELETE', `/jobs/${job.metadata.name}`);

  const logs = await eventually(async () => {
    const answer = await jobs.send('GET', `/jobs/${job.metadata.name}/logs`);
    return answer.status === 404 ? answer : undefined;
  });
  expect(logs.body).toEqual({ detail: 'Logs not found' });
});

it('a failed command tells its exit code, and keeps the log of each attempt', async () => {
  const job = await jobs.ended(await jobs.submit({ cmd: 'echo try; exit 7', retries: 1 }));

  expect(job.state).toMatchObject({ phase: 'failed', reason: 'Exited', exitCode: 7, attempts: 2 });
  const all = await jobs.send('GET', `/jobs/${job.metadata.name}/logs?attempt=all`);
  expect(all.text.match(/^try$/gm)).toHaveLength(2);
});

it('a log is followed to its end', async () => {
  const { metadata } = await jobs.submit({ cmd: 'for i in 1 2 3; do echo line $i; sleep 0.3; done' });
  await eventually(async () => ((await jobs.get(metadata.name)).state.phase === 'running' ? true : undefined), 60);

  const { text } = await jobs.send('GET', `/jobs/${metadata.name}/logs?follow=true`);

  expect(text).toBe('line 1\nline 2\nline 3\n');
});

it('secrets and files are there when it runs, and the values of secrets in no Job', async () => {
  const job = await jobs.submit({
    args: ['sh', '-c', 'cat /data/in.txt; echo "$PLAIN $HIDDEN"'],
    env: { PLAIN: 'plain' },
    secretEnv: { HIDDEN: 'hidden value' },
    files: { '/data/in.txt': 'from a file\n' },
  });

  expect(JSON.stringify(job)).not.toContain('hidden value');
  expect((await jobs.ended(job)).state.phase).toBe('succeeded');
  expect((await jobs.send('GET', `/jobs/${job.metadata.name}/logs`)).text).toBe('from a file\nplain hidden value\n');
  const [secret] = await jobs.world.cluster.kube.list('secrets', `hub-functions/job=${job.metadata.name}`);
  expect(secret?.metadata?.ownerReferences).toMatchObject([{ kind: 'Job', name: job.metadata.name }]);
});

it('a repeat with the same key is the same job; another request under it is a conflict', async () => {
  const headers = { 'idempotency-key': randomUUID() };

  const [first, second] = await Promise.all([
    jobs.submit({ cmd: 'true', env: { A: '1', B: '2' } }, headers),
    jobs.submit({ env: { B: '2', A: '1' }, cmd: 'true' }, headers),
  ]);
  const other = await jobs.send('POST', '/jobs', { json: { cmd: 'false' }, headers });

  expect(second.metadata.name).toBe(first.metadata.name);
  expect(other.status).toBe(409);
  const byOther = await jobs.send('POST', '/jobs', {
    json: { cmd: 'true' },
    headers: { ...headers, authorization: basic('hub-b') },
  });
  expect((byOther.body as JobObject).metadata.name).not.toBe(first.metadata.name);
});

it('a name is the id: a repeat is the same job, another request or caller meets a conflict', async () => {
  const name = `named-${randomUUID().slice(0, 8)}`;

  const [first, second] = await Promise.all([jobs.submit({ name, cmd: 'true' }), jobs.submit({ name, cmd: 'true' })]);
  const other = await jobs.send('POST', '/jobs', { json: { name, cmd: 'false' } });
  const headers = { authorization: basic('hub-b') };
  const byOther = await jobs.send('POST', '/jobs', { json: { name, cmd: 'true' }, headers });

  expect([first.metadata.name, second.metadata.name]).toEqual([name, name]);
  const detail = `name: ${name} is taken by another request. Choose another name.`;
  expect([other.status, other.body, byOther.status, byOther.body]).toEqual([409, { detail }, 409, { detail }]);
});

it('a dry run makes nothing', async () => {
  const job = await jobs.submit({ cmd: 'true', dryRun: true });

  expect(job.metadata.name).toMatch(UUID);
  expect((await jobs.send('GET', `/jobs/${job.metadata.name}`)).status).toBe(404);
});

it('who has no login, or not the group, gets nothing', async () => {
  expect((await jobs.instance.request('GET', '/jobs')).status).toBe(401);
  const authorization = basic('stranger');
  expect((await jobs.instance.request('GET', '/jobs', { headers: { authorization } })).status).toBe(403);
});

it("another's job is not there", async () => {
  const { metadata } = await jobs.submit({ cmd: 'true' });
  const headers = { authorization: basic('hub-b') };

  const answers = await Promise.all([
    jobs.instance.request('GET', `/jobs/${metadata.name}`, { headers }),
    jobs.instance.request('GET', `/jobs/${metadata.name}/logs`, { headers }),
    jobs.instance.request('DELETE', `/jobs/${metadata.name}`, { headers }),
  ]);

  expect(answers.map(({ status }) => status)).toEqual([404, 404, 404]);
  const list = await jobs.instance.request('GET', '/jobs', { headers });
  expect(list.text).not.toContain(metadata.name);
});

const REFUSED: readonly (readonly [what: string, body: object, status: number, text: RegExp])[] = [
  ['an unknown field', { cmd: 'true', shell: 'zsh' }, 422, /shell/],
  ['both a command and words', { cmd: 'true', args: ['true'] }, 422, /cmd/],
  ['a quantity that is none', { resources: { memory: 'much' } }, 422, /memory/],
  ['a relative path', { files: { 'etc/passwd': '' } }, 422, /files/],
  ['absurd resources', { resources: { cpu: '1e99' } }, 422, /cpu/],
  ['less than nothing', { resources: { memory: '-1Gi' } }, 422, /memory/],
  ['a thousand GPUs', { resources: { gpu: 1_000 } }, 422, /gpu/],
  ['a claim that nobody allowed', { claims: [{ name: 'home-x', mountPath: '/x' }] }, 403, /claim home-x/],
  ['an account that nobody allowed', { serviceAccount: 'admin' }, 403, /service account admin/],
  ['a command that no kernel takes', { cmd: 'x'.repeat(131_072) }, 422, /cmd/],
  ['a word that no kernel takes', { args: ['echo', '\u00e4'.repeat(65_536)] }, 422, /args/],
  ['a variable that no kernel takes', { env: { A: 'x'.repeat(131_072) } }, 422, /env/],
  ['a command of 10 MB', { cmd: 'x'.repeat(10_000_000) }, 413, /./],
  ['a way out of a path', { files: { '/a/../etc/passwd': '' } }, 422, /files/],
  ['an unknown profile', { profile: 'large' }, 422, /Known: small/],
  ['memory beyond the profile', { profile: 'small', resources: { memoryLimit: '2Gi' } }, 403, /memory 2Gi/],
  ['time beyond the profile', { profile: 'small', deadlineSeconds: 61 }, 403, /deadlineSeconds 61/],
  ['an image outside of the profile', { profile: 'small', image: 'docker.io/evil:1' }, 403, /image/],
  ['a claim outside of the profile', { profile: 'small', claims: [{ name: 'home-x', mountPath: '/x' }] }, 403, /claim/],
  ['a service account', { profile: 'small', serviceAccount: 'admin' }, 403, /service account/],
];

it.each(REFUSED)('%s is refused', async (_what, body, status, text) => {
  const answer = await jobs.send('POST', '/jobs', { json: body });

  expect(answer.status).toBe(status);
  expect(answer.text).toMatch(text);
});
