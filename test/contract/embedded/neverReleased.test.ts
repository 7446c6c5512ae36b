// What was given up before anything of it ran: whoever submits it once more hears so, as long as anything is known of it.
import type { KubeObject } from '../../../lib/kube/objects';
import { endPatch, toJobSet } from '../../../lib/jobSets/jobSet';
import { nextStep } from '../../../lib/jobSets/setState';
import { embeddedOf, withFault } from '../../support/embedded';
import { eventually } from '../../support/eventually';
import { createJobs, type Jobs } from '../../support/jobs';
import { sweeping } from '../../support/reaper';

jest.setTimeout(30_000);

const SECRET = { secretEnv: { WORD: 'x' } };
const BODIES: Readonly<Record<string, object>> = {
  job: { cmd: 'true', ...SECRET },
  set: { stages: [{ name: 'one', cmd: 'true', ...SECRET }] },
};

let jobs: Jobs;

beforeAll(async () => {
  jobs = await createJobs();
});

afterEach(() => embeddedOf(jobs.world).faults.clear());

afterAll(async () => jobs?.world.close());

/** Its Secret cannot be made, and nobody comes back in time. */
async function interrupted(json: object, headers: Readonly<Record<string, string>>): Promise<void> {
  const rule = { match: { verb: 'create', resource: 'secrets' }, effect: { status: 500 } } as const;
  const { status } = await withFault(jobs.world, rule, async () => jobs.send('POST', '/jobs', { json, headers }));
  expect(status).toBeGreaterThanOrEqual(500);
}

/** As `reaper` and `stages` do it when the time is over. */
async function giveUp(): Promise<void> {
  const { kube } = jobs.world.cluster;
  const annotations = { 'hub-functions/early-end': 'never released' };
  for (const { metadata } of await kube.list('jobs'))
    await kube.patch('jobs', metadata?.name ?? '', { metadata: { annotations } });
  for (const anchor of await kube.list('configmaps', 'hub-functions/kind=job-set')) {
    await kube.patch('configmaps', anchor.metadata?.name ?? '', endOf(anchor));
  }
}

function endOf(anchor: KubeObject): object {
  const set = toJobSet(anchor);
  const step = set && nextStep({ set, jobs: new Map() }, -1, new Date());
  if (step?.do !== 'finish') throw new Error('the set is not given up');
  return endPatch(set as NonNullable<typeof set>, [], { state: step.state, endedAt: new Date().toISOString() });
}

async function reap(): Promise<void> {
  const config = { reaper: { dry_run: false, orphan_grace_seconds: 0, jobs: { failure: { age_seconds: 0 } } } };
  const CONFIG_PATH = jobs.world.workspace.write('reaper.json', JSON.stringify(config));
  const { sweep, reaper } = sweeping(jobs.world, await jobs.world.addFunction('reaper', { CONFIG_PATH }));
  await eventually(async () => {
    expect(await sweep()).toBe(204);
    const { kube } = jobs.world.cluster;
    const left = [...(await kube.list('jobs')), ...(await kube.list('configmaps', 'hub-functions/kind=job-set'))];
    if (left.length > 0) throw new Error(`${left.map(({ metadata }) => metadata?.name).join()} is there`);
    return true;
  }, 10);
  await reaper.stop();
}

test.each([
  ['job', {}, 'mine-1', /name: mine-1 never ran.*under another name/],
  ['set', {}, 'mine-2', /name: mine-2 never ran.*under another name/],
  ['job', { 'idempotency-key': 'key-1' }, undefined, /What this Idempotency-Key.* never ran.*under another key/],
  ['set', { 'idempotency-key': 'key-2' }, undefined, /What this Idempotency-Key.* never ran.*under another key/],
])(
  'a %s with %j and name %s that was given up is not answered as if it had been made',
  async (kind, headers, name, detail) => {
    const json = { ...BODIES[kind], name };
    await interrupted(json, headers);
    await giveUp();

    const before = await jobs.send('POST', '/jobs', { json, headers });
    await reap();
    const after = await jobs.send('POST', '/jobs', { json, headers });

    for (const { status, text } of [before, after])
      expect([status, text]).toEqual([422, expect.stringMatching(detail)]);
    const other = await jobs.send('POST', '/jobs', { json: { ...json, labels: { a: 'b' } }, headers });
    expect(other.status).toBe(409);
    expect(await jobs.world.cluster.kube.list('jobs')).toEqual([]);
  },
);
