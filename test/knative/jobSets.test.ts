// A job set on the whole way: events alone bring it on from stage to stage and to its end; then a sweep captures and reaps it. Timers are off.
import { eventually } from '../support/eventually';
import { jobsOf, JOB_DEFAULTS, type Jobs } from '../support/jobs';
import { stagesOf } from '../support/jobSets';
import { pastIngress, type Request } from '../support/knative/ingress';
import { install, type Installation } from '../support/knative/installation';
import { HUB } from '../support/knative/overlay';

let installation: Installation;
let jobs: Pick<Jobs, 'submit' | 'ended' | 'logs' | 'get'>;
let reaper: Request;

beforeAll(async () => {
  installation = await install({
    config: {
      jobs: { defaults: JOB_DEFAULTS },
      reaper: { dry_run: false, jobs: { failure: { age_seconds: 0 } } },
    },
  });
  const request = pastIngress(await installation.request('jobs'));
  jobs = jobsOf({ request, url: '', output: () => '', stop: async () => undefined, kill: () => undefined }, HUB);
  reaper = pastIngress(await installation.request('reaper'));
});

afterAll(async () => {
  await installation?.close();
});

const WORK = { set: 'work', mountPath: '/work' };

it('pods that end start the next stage, and the last one ends the set', async () => {
  const set = await jobs.submit({
    name: 'whole',
    stages: [
      { name: 'one', cmd: 'echo "$WORD" > /work/word', secretEnv: { WORD: 'hello' }, claims: [WORK] },
      { name: 'two', cmd: 'cat /work/word; exit 3', claims: [{ ...WORK, readOnly: true }], untrusted: true },
      { name: 'three', cmd: 'true' },
      { name: 'last', cmd: 'echo bye', always: true },
    ],
    claims: [{ name: 'work', size: '16Mi' }],
  });

  const ended = await jobs.ended(set);

  expect(ended.state).toMatchObject({ phase: 'failed', reason: 'StageFailed', exitCode: 3, lastLines: ['hello'] });
  expect(stagesOf(ended).map(({ phase }) => phase)).toEqual(['succeeded', 'failed', 'skipped', 'succeeded']);
  const closed = await eventually(async () => {
    const anchor = await installation.kube.get('configmaps', 'job-set-whole');
    return anchor?.metadata?.labels?.['hub-functions/phase'] === 'active' ? undefined : anchor;
  }, 60);
  expect(closed?.metadata?.labels).toMatchObject({ 'hub-functions/phase': 'failed' });
});

it('a sweep keeps its logs in one record, and removes all of it', async () => {
  await eventually(async () => {
    expect((await reaper('POST', '/', { headers: { 'x-connector': 'cron-connector' } })).status).toBe(204);
    expect(await installation.kube.everything('hub-functions/job-set=whole')).toEqual([]);
    return true;
  }, 60);

  expect((await jobs.logs('whole', '?stage=last')).text).toBe('bye\n');
  expect((await jobs.get('whole')).state).toMatchObject({ phase: 'failed', reason: 'StageFailed' });
});
