// The cron-connector's call: an empty POST without a type. Each function with a schedule takes it for a sweep, and that is all it needs.
import { recordName } from '../../lib/jobs/record';
import { basic } from '../support/credentialFiles';
import { hubOf } from '../support/hub';
import { JOB_DEFAULTS, type JobObject } from '../support/jobs';
import { stagesOf } from '../support/jobSets';
import { eventually } from '../support/eventually';
import { openOpenFaas, type OpenFaas } from '../support/openfaas/openfaas';
import { behind, jobsBehind } from '../support/openfaas/behind';
import { readStack } from '../support/openfaas/stack';

jest.setTimeout(120_000);

const functions = Object.entries(readStack().functions);
const swept = functions.filter(([, { annotations }]) => annotations?.['schedule']).map(([name]) => name);
const others = functions.map(([name]) => name).filter((name) => !swept.includes(name));
const authorization = basic('jupyterhub');

let openfaas: OpenFaas;

beforeAll(async () => {
  const reaper = { dry_run: false, jobs: { success: { age_seconds: 0 } } };
  openfaas = await openOpenFaas({ config: { jobs: { defaults: JOB_DEFAULTS }, reaper } });
});

afterAll(async () => openfaas?.close());

test.each(swept)('%s sweeps, and answers nothing', async (name) => {
  expect(await openfaas.cron(name)).toMatchObject({ status: 204, text: '' });
});

test.each(others)('%s, which has no schedule, does not take it for a sweep', async (name) => {
  const { status } = await openfaas.cron(name);
  // Dead letters are taken from anybody, and this is one without content.
  expect(name === 'deadletters' ? [204] : [404, 405]).toContain(status);
});

test('whoever else posts nothing to a function with routes of its own gets no sweep', async () => {
  expect((await openfaas.request('POST', '/function/services/', {})).status).toBe(404);
});

test('the sweep of the reaper keeps the log of a job that is over, and removes the job', async () => {
  const jobs = jobsBehind(openfaas);
  const job = await jobs.submit({ cmd: 'echo kept' });
  await jobs.ended(job);
  const { kube } = openfaas.cluster;
  await eventually(async () => {
    expect((await openfaas.cron('reaper')).status).toBe(204);
    return (await kube.get('jobs', job.metadata.name)) === undefined ? true : undefined;
  });
  expect(await kube.get('configmaps', recordName(job.metadata.name))).toBeDefined();
  expect((await jobs.logs(job.metadata.name)).text).toBe('kept\n');
  const report = await openfaas.request('GET', '/function/reaper/reaper/report', { headers: { authorization } });
  expect(report.status).toBe(200);
});

test('job sets go on by sweeps alone, as there are no events', async () => {
  const jobs = jobsBehind(openfaas);
  const set = await jobs.submit({
    stages: [
      { name: 'one', cmd: 'echo 1' },
      { name: 'two', cmd: 'echo 2' },
    ],
  });
  const ended = await eventually(async (): Promise<JobObject | undefined> => {
    expect((await openfaas.cron('stages')).status).toBe(204);
    const seen = await jobs.get(set.metadata.name);
    return seen.state.phase === 'succeeded' ? seen : undefined;
  }, 60);
  expect(stagesOf(ended).map(({ name, phase }) => `${name} ${phase}`)).toEqual(['one succeeded', 'two succeeded']);
});

test('the progress of a start is found by sweeps alone', async () => {
  const hub = hubOf(behind(openfaas, 'services'), 'jupyterhub');
  expect((await hub.start('swept', { service: 'hello' })).status).toBe(201);
  await hub.untilRunning('swept');
  await eventually(async () => {
    expect((await openfaas.cron('status')).status).toBe(204);
    const metrics = await openfaas.request('GET', '/function/status/metrics');
    return /^hub_functions_status_sweep_found_missed_total [1-9]/m.test(metrics.text) ? true : undefined;
  });
  await hub.stop('swept');
});
