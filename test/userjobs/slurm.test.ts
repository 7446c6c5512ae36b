// Jobs in a real Slurm: submitted once, followed, reached in a pod through the Service, attached to, cancelled, and swept up.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually, untilEmpty } from '../support/eventually';
import type { Answer } from '../support/httpClient';
import { forgetNumber } from '../support/userjobs/anchors';
import { freePort } from '../support/userjobs/freePort';
import { startSlurm, type Slurm } from '../support/userjobs/slurm';
import { createUserJobs, type UserJobs } from '../support/userjobs/userJobs';
import { untilServed, visitFromPod } from '../support/userjobs/visits';

jest.setTimeout(240_000);

const PAGE = 'hello from a job';

let slurm: Slurm;
let userJobs: UserJobs;
let folder: string;
let port: number;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'hub-functions-jobs-'));
  slurm = await startSlurm();
  port = await freePort();
  const fields = { partition: ['devel', 'closed', 'absent'], nodes: ['1', '2'], time: ['*'], ntasks: ['1', '2'] };
  userJobs = await createUserJobs({
    host: {
      nodes: [slurm.node, 'localhost'],
      slurm: { fields, defaults: { time: '10', chdir: folder }, poll_seconds: 0.5 },
    },
    environment: slurm.environment,
  });
  await userJobs.world.hub.start('lab1');
});

afterAll(async () => {
  await userJobs?.close();
  await slurm?.close();
  rmSync(folder, { recursive: true, force: true });
});

const webServer = (): string =>
  `exec '${process.execPath}' -e 'require("http").createServer((_, r) => r.end("${PAGE}")).listen(${port}, "127.0.0.1")'`;

const webJob = (): object => ({ command: webServer(), ntasks: 1, time: '00:05:00' });
const SLEEP = { command: 'sleep 600', ntasks: 1 };

async function create(service: string, wanted: { readonly port?: number; readonly job: object }): Promise<Answer> {
  return userJobs.create({ service, hostname: 'system', ports: { '8080': wanted.port ?? 9000 }, job: wanted.job });
}

async function numberOf(service: string): Promise<number> {
  return (await userJobs.status(service)).job?.id ?? 0;
}

async function untilState(id: number, wanted: string): Promise<void> {
  await eventually(async () => {
    const state = (await slurm.jobs()).find((job) => job.id === id)?.state;
    if (state === wanted) return true;
    throw new Error(`job ${id} is ${state}, not ${wanted}`);
  }, 60);
}

it('a job is submitted, waits, runs, and a pod reaches the web server inside of it', async () => {
  // One that fills the node, so that there is something to wait for.
  const blocker = await create('lab1-blocker', { job: { command: 'sleep 600', ntasks: 2 } });
  expect(blocker.status).toBe(201);
  await userJobs.until('lab1-blocker', 'open');

  const created = await create('lab1', { port, job: webJob() });

  expect([created.status, created.body]).toEqual([201, { service: 'lab1', hostname: 'system', target_node: '' }]);
  const waiting = await eventually(async () => {
    const state = await userJobs.status('lab1');
    return state.job?.reason === undefined ? undefined : state;
  }, 60);
  expect(waiting).toMatchObject({
    phase: 'waiting',
    reason: 'JobPending',
    job: { state: 'PENDING', reason: 'Resources' },
  });

  expect((await userJobs.remove('lab1-blocker')).status).toBe(204);
  expect(await userJobs.until('lab1', 'open')).toMatchObject({ job: { state: 'RUNNING', node: slurm.node } });
  const { kube, namespace } = userJobs.world.cluster;
  expect(await untilServed(kube, 'lab1', 8080)).toBe(PAGE);
  expect(await visitFromPod(kube, namespace, 'lab1')).toBe(PAGE);
  expect((await userJobs.send('GET', '/api/userjobs/lab1/')).body).toMatchObject({
    service: 'lab1',
    hostname: 'system',
    target_node: '',
    job: { id: await numberOf('lab1'), state: 'RUNNING', node: slurm.node },
  });
});

it('a repeat of the request submits nothing again, nor does one after the first was cut off in the middle', async () => {
  const jobs = (await slurm.jobs()).length;
  const id = await numberOf('lab1');

  expect((await create('lab1', { port, job: webJob() })).status).toBe(201);
  await forgetNumber(userJobs.world.cluster.kube, 'lab1');
  expect((await create('lab1', { port, job: webJob() })).status).toBe(201);

  expect((await slurm.jobs()).length).toBe(jobs);
  expect(await numberOf('lab1')).toBe(id);
});

it('DELETE cancels the job', async () => {
  const id = await numberOf('lab1');

  expect((await userJobs.remove('lab1')).status).toBe(204);

  await untilState(id, 'CANCELLED');
  expect((await userJobs.send('GET', '/api/userjobs/lab1/')).status).toBe(404);
});

it('many equal requests at once submit one job', async () => {
  const before = (await slurm.jobs()).length;

  const answers = await Promise.all(Array.from({ length: 4 }, async () => create('lab1-many', { job: SLEEP })));

  expect(answers.map(({ status }) => status)).toEqual([201, 201, 201, 201]);
  expect((await slurm.jobs()).length).toBe(before + 1);
  await userJobs.remove('lab1-many');
});

it('how a job ended is told, with its exit code', async () => {
  await create('lab1-ends', { job: { script: '#!/bin/bash\nexit 3' } });

  const state = await userJobs.until('lab1-ends', 'over');

  expect(state).toMatchObject({ reason: 'JobEnded', job: { state: 'FAILED', reason: 'NonZeroExitCode', exitCode: 3 } });
  expect((await userJobs.remove('lab1-ends')).status).toBe(204);
});

it('what Slurm refuses is told, and nothing of it stays', async () => {
  const answer = await create('lab1-refused', { job: { command: 'id', partition: 'absent' } });

  expect(answer.status).toBe(400);
  expect(answer.body).toEqual({ job: [expect.stringContaining('invalid partition') as string] });
  expect((await userJobs.send('GET', '/api/userjobs/lab1-refused/')).status).toBe(404);
});

it('words of a request reach Slurm as they are', async () => {
  const marker = join(folder, 'marker');
  const command = `printf '%s' "$0 \\$(id) \\\`id\\\` ; | & > '" > ${marker}; sleep 1`;
  await create('lab1-words', { job: { command } });

  await userJobs.until('lab1-words', 'over');

  expect(readFileSync(marker, 'utf8')).toContain("$(id) `id` ; | & > '");
  await userJobs.remove('lab1-words');
});

it('a job of somebody else is attached to, and goes on when the user job is deleted', async () => {
  const wrapped = await slurm.run('sbatch', ['--parsable', '--ntasks=1', `--chdir=${folder}`, `--wrap=${webServer()}`]);
  const id = Number(wrapped);

  expect((await create('lab1-attached', { port, job: { id } })).status).toBe(201);

  expect(await userJobs.until('lab1-attached', 'open')).toMatchObject({ job: { id, state: 'RUNNING' } });
  expect(await untilServed(userJobs.world.cluster.kube, 'lab1-attached', 8080)).toBe(PAGE);
  expect((await userJobs.remove('lab1-attached')).status).toBe(204);
  await untilState(id, 'RUNNING');
  await slurm.run('scancel', [String(id)]);
});

it('a job of another user is neither told nor reached, unless the configuration names him', async () => {
  const held = await slurm.run('sbatch', ['--parsable', '--hold', '--uid=nobody', '--chdir=/', '--wrap=sleep 600']);

  expect((await create('lab1-foreign', { job: { id: Number(held) } })).status).toBe(201);

  expect(await userJobs.until('lab1-foreign', 'over')).toEqual({
    phase: 'over',
    reason: 'JobNotAllowed',
    message: expect.any(String) as string,
    job: { id: Number(held) },
  });
  expect((await userJobs.remove('lab1-foreign')).status).toBe(204);
  await untilState(Number(held), 'PENDING');
  await slurm.run('scancel', [held.trim()]);
});

it('a job that cannot be cancelled is told so, and a sweep does it later', async () => {
  const { host, instance, world } = userJobs;
  await create('lab1-later', { job: SLEEP });
  await userJobs.until('lab1-later', 'open');
  const id = await numberOf('lab1-later');
  await host.kill();

  const answer = await userJobs.remove('lab1-later');

  expect([answer.status, answer.body]).toEqual([
    202,
    { detail: expect.stringContaining('cannot be reached') as string },
  ]);
  expect(await userJobs.status('lab1-later')).toMatchObject({ phase: 'stopping' });
  expect((await create('lab1-later', { job: SLEEP })).status).toBe(409);
  expect((await instance.request('POST', '/')).status).toBe(204);
  await host.start();
  expect((await instance.request('POST', '/')).status).toBe(204);
  await untilState(id, 'CANCELLED');
  expect(await world.cluster.kube.list('configmaps', 'hub-functions/kind=userjob')).toEqual([]);
});

it('a sweep ends what was submitted for a service that is gone, and nothing is left', async () => {
  const { instance, world } = userJobs;
  await create('lab1-alone', { job: SLEEP });
  await userJobs.until('lab1-alone', 'open');
  const id = await numberOf('lab1-alone');
  await instance.request('POST', '/');
  await untilState(id, 'RUNNING');

  await world.hub.stop('lab1');
  expect((await instance.request('POST', '/')).status).toBe(204);

  await untilState(id, 'CANCELLED');
  await untilEmpty(world.cluster.kube, ['Secret/hub-functions-ssh']);
});
