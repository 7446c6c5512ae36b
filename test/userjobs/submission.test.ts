// Submissions of which nobody knows whether Slurm has taken them: nothing is submitted twice, and no job is left alone.
import { eventually } from '../support/eventually';
import { hubOf } from '../support/hub';
import type { Answer } from '../support/httpClient';
import { forgetNumber } from '../support/userjobs/anchors';
import { createScriptedSlurm, type ScriptedSlurm } from '../support/userjobs/scriptedSlurm';
import { createUserJobs, type UserJobs } from '../support/userjobs/userJobs';

let slurm: ScriptedSlurm;
let userJobs: UserJobs;

beforeAll(async () => {
  slurm = createScriptedSlurm();
  userJobs = await createUserJobs({ host: { slurm: { bin: slurm.folder, poll_seconds: 0.5 } } });
  await userJobs.world.hub.start('lab1');
});

afterAll(async () => {
  await userJobs?.close();
  slurm?.close();
});

const wanted = (service: string): object => ({
  service,
  hostname: 'system',
  ports: { '8080': 9000 },
  job: { command: 'sleep 600' },
});

const create = async (service: string): Promise<Answer> => userJobs.create(wanted(service));

test.each([
  [
    'timed-out',
    'echo "sbatch: error: Batch job submission failed: Socket timed out on send/recv operation" >&2; exit 1',
  ],
  ['refused', 'echo "sbatch: error: Unable to contact slurm controller: Connection refused" >&2; exit 1'],
  ['mute', 'echo "Have a nice day."'],
  ['killed', 'exit 137'],
])('a job that Slurm has taken without telling its number (%s) is found again', async (name, lines) => {
  const service = `lab1-${name}`;
  const before = slurm.submitted().length;
  slurm.sbatchEnds(lines);

  expect((await create(service)).status).toBe(503);
  expect((await userJobs.send('GET', `/api/userjobs/${service}/`)).body).toMatchObject({
    status: { reason: 'Submitting' },
  });
  await forgetNumber(userJobs.world.cluster.kube, service);
  expect((await create(service)).status).toBe(201);

  expect(slurm.submitted()).toHaveLength(before + 1);
  expect((await userJobs.remove(service)).status).toBe(204);
  expect(slurm.cancelled()).toContain(before + 1);
});

test('a repeat that comes while the first request still submits waits for it, and tells so when its time is up', async () => {
  const hasty = hubOf(await userJobs.addInstance({ REQUEST_TIMEOUT_SECONDS: '2' }));
  const before = slurm.submitted().length;
  slurm.sbatchEnds('sleep 8; echo "$number"');
  const first = create('lab1-slow');
  await eventually(async () => slurm.submitted().length > before || undefined);

  const repeat = await hasty.send('POST', '/api/userjobs/', { json: wanted('lab1-slow') });

  expect([repeat.status, repeat.body]).toEqual([
    503,
    { detail: expect.stringContaining('An earlier request') as string },
  ]);
  expect(Number(repeat.headers['retry-after'])).toBeGreaterThan(30);
  expect((await first).status).toBe(201);
  expect((await create('lab1-slow')).status).toBe(201);
  expect(slurm.submitted()).toHaveLength(before + 1);
  await userJobs.remove('lab1-slow');
});

test('a job that was submitted for one credential is none for another one to attach to', async () => {
  const { world, instance, remove } = userJobs;
  await world.hubOf('hub-b').start('lab2');
  slurm.sbatchEnds('echo "$number"');
  expect((await create('lab1-own')).status).toBe(201);
  const id = slurm.submitted().length;
  const attach = { service: 'lab2', hostname: 'system', ports: { '8080': 9000 }, job: { id } };

  const answer = await hubOf(instance, 'hub-b').send('POST', '/api/userjobs/', { json: attach });

  const body = { job: [`Job ${id} is not one that may be attached to.`] };
  expect([answer.status, answer.body]).toEqual([400, body]);
  expect((await userJobs.create({ ...attach, service: 'lab1-again' })).status).toBe(201);
  expect((await remove('lab1-again')).status).toBe(204);
  expect(slurm.cancelled()).not.toContain(id);
});

test('nor is a number that becomes such a job later', async () => {
  const { world, instance } = userJobs;
  const other = hubOf(instance, 'hub-b');
  await world.hubOf('hub-b').start('lab3');
  slurm.sbatchEnds('echo "$number"');
  const attach = {
    service: 'lab3',
    hostname: 'system',
    ports: { '8080': 9000 },
    job: { id: slurm.submitted().length + 1 },
  };
  expect((await other.send('POST', '/api/userjobs/', { json: attach })).status).toBe(201);
  const reason = async () =>
    ((await other.send('GET', '/api/userjobs/lab3/')).body as { status?: { reason?: string } }).status?.reason;
  await eventually(async () => (await reason()) === 'JobPending' || undefined, 60);

  expect((await create('lab1-later')).status).toBe(201);

  await eventually(async () => (await reason()) === 'JobNotAllowed' || undefined, 60);
});
