// A job on the whole way: submitted, run, captured and reaped because of its own event, and read afterwards; timers are off.
import { basic } from '../support/credentialFiles';
import { eventually } from '../support/eventually';
import { jobsOf, JOB_DEFAULTS, type Jobs } from '../support/jobs';
import { pastIngress, type Request } from '../support/knative/ingress';
import { install, type Installation } from '../support/knative/installation';
import { HUB } from '../support/knative/overlay';

let installation: Installation;
let jobs: Pick<Jobs, 'submit' | 'send' | 'logs' | 'get'>;
let reaper: Request;

beforeAll(async () => {
  installation = await install({
    config: {
      jobs: { defaults: JOB_DEFAULTS },
      reaper: { dry_run: false, jobs: { success: { age_seconds: 0 } } },
    },
  });
  const request = pastIngress(await installation.request('jobs'));
  jobs = jobsOf({ request, url: '', output: () => '', stop: async () => undefined, kill: () => undefined }, HUB);
  reaper = pastIngress(await installation.request('reaper'));
});

afterAll(async () => {
  await installation?.close();
});

it('an event makes the reaper keep the log of a job that is over, and remove the job', async () => {
  const { metadata } = await jobs.submit({ cmd: 'echo hello from a job' });

  await eventually(async () => {
    if ((await installation.kube.get('jobs', metadata.name)) !== undefined) throw new Error('the job is still there');
    return true;
  }, 120);

  expect((await jobs.logs(metadata.name)).text).toBe('hello from a job\n');
  expect((await jobs.get(metadata.name)).state).toMatchObject({ phase: 'succeeded', attempts: 1 });
});

it('a job that failed stays for its time, with its log captured', async () => {
  const { metadata } = await jobs.submit({ cmd: 'echo oh no; exit 4' });

  const captured = await eventually(async () => {
    const job = await installation.kube.get('jobs', metadata.name);
    return job?.metadata?.annotations?.['hub-functions/captured'] === undefined ? undefined : job;
  }, 120);

  expect(captured.metadata?.labels).toMatchObject({ 'hub-functions/phase': 'failed' });
  expect((await jobs.get(metadata.name)).state).toMatchObject({ reason: 'Exited', exitCode: 4, lastLines: ['oh no'] });
});

it('a sweep tells what it saw', async () => {
  const headers = { authorization: basic(HUB) };
  expect((await reaper('POST', '/', { headers: { 'x-connector': 'cron-connector' } })).status).toBe(204);

  const report = await reaper('GET', '/reaper/report', { headers });

  expect([report.status, report.body]).toMatchObject([200, { dryRun: false, failed: 0, left: 0, seen: { jobs: 1 } }]);
});
