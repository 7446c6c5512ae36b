// What Kubernetes asks of a function on OpenFaaS, and how it ends: it serves on while gateways hear of it, finishes what runs, and exits 0.
import { basic } from '../support/credentialFiles';
import { eventually } from '../support/eventually';
import { startFunction, type FunctionProcess } from '../support/functionProcess';
import { jobsOf, JOB_DEFAULTS } from '../support/jobs';
import { openOpenFaas, type OpenFaas } from '../support/openfaas/openfaas';
import { readStack } from '../support/openfaas/stack';

jest.setTimeout(120_000);

const names = Object.keys(readStack().functions);
/** Of the pods of functions: faas-netes leaves it to Kubernetes. */
const GRACE_PERIOD_SECONDS = 30;

let openfaas: OpenFaas;
const started: FunctionProcess[] = [];

beforeAll(async () => {
  openfaas = await openOpenFaas({ config: { jobs: { defaults: JOB_DEFAULTS } } });
});

afterAll(async () => {
  for (const { kill } of started) kill('SIGKILL');
  await openfaas?.close();
});

async function start(name: string): Promise<FunctionProcess> {
  const instance = await startFunction(name, openfaas.environmentOf(name));
  started.push(instance);
  return instance;
}

async function statusOf({ request }: FunctionProcess, path: string): Promise<number> {
  return (await request('GET', path)).status;
}

test('each function is healthy and ready, serves on after SIGTERM for as long as stack.yml says, and exits 0', async () => {
  const instances = await Promise.all(names.map(start));
  for (const instance of instances) {
    expect([await statusOf(instance, '/_/health'), await statusOf(instance, '/_/ready')]).toEqual([200, 200]);
  }
  const endedAt = performance.now();
  for (const { kill } of instances) kill('SIGTERM');
  for (const instance of instances) {
    await eventually(async () => ((await statusOf(instance, '/_/ready')) === 503 ? true : undefined));
    expect(await statusOf(instance, '/_/health')).toBe(200);
    expect(await instance.request('GET', '/openapi.json')).toMatchObject({
      status: 200,
      headers: { connection: 'close' },
    });
  }
  expect(await Promise.all(instances.map(async ({ exited }) => exited))).toEqual(names.map(() => 0));
  const seconds = (performance.now() - endedAt) / 1000;
  expect(seconds).toBeGreaterThanOrEqual(
    Number(openfaas.stack.functions['jobs']?.environment?.['DRAIN_GRACE_SECONDS']),
  );
  expect(seconds).toBeLessThan(GRACE_PERIOD_SECONDS);
});

test('what runs at the signal is finished: the log that somebody follows has its end', async () => {
  const instance = await start('jobs');
  const jobs = jobsOf(instance, 'jupyterhub');
  const job = await jobs.submit({ cmd: 'echo first; sleep 8; echo last' });
  await jobs.until(job, 'running');
  const followed = instance.request('GET', `/jobs/${job.metadata.name}/logs?follow=true`, {
    headers: { authorization: basic('jupyterhub') },
  });
  await eventually(async () => ((await jobs.logs(job.metadata.name)).text === 'first\n' ? true : undefined));
  instance.kill('SIGTERM');
  expect((await followed).text).toBe('first\nlast\n');
  expect(await instance.exited).toBe(0);
});
