// `hubfn jobs run`: a set from a file, told stage by stage, with its exit code.
import { passwordOf } from '../../support/credentialFiles';
import { hubfn, kubeconfigOf, onTerminal, type Ended } from '../../support/commandLine';
import { JOB_DEFAULTS } from '../../support/jobs';
import { createJobSets, type JobSets } from '../../support/jobSets';

jest.setTimeout(120_000);

let sets: JobSets;

beforeAll(async () => {
  sets = await createJobSets();
});

afterAll(async () => sets?.close());

const environment = { HUBFN_PASSWORD: passwordOf('hub-a') };

function wordsOf(set: object): readonly string[] {
  const file = sets.world.workspace.write('set.json', JSON.stringify(set));
  return ['jobs', 'run', '--url', sets.instance.url, '--user', 'hub-a', '-f', file];
}

async function run(set: object, ...more: readonly string[]): Promise<Ended> {
  return hubfn([...wordsOf(set), ...more], { environment });
}

it('tells how the stages go on, and exits with 0', async () => {
  const { code, output } = await run({
    name: 'told',
    stages: [
      { name: 'one', cmd: 'true' },
      { name: 'two', cmd: 'true' },
    ],
  });

  expect(code).toBe(0);
  expect(output).toMatch(
    /^set told submitted\n(.*\n)*stage one succeeded\n(.*\n)*stage two succeeded\nset told succeeded: .*\n$/,
  );
});

it.each([
  ['fails', 'exit 7', 1],
  ['times out', 'exit 124', 124],
])('a stage that %s is told by the exit code', async (_what, cmd, expected) => {
  const { code, output } = await run({
    stages: [
      { name: 'one', cmd },
      { name: 'two', cmd: 'true' },
    ],
  });

  expect(code).toBe(expected);
  expect(output).toMatch(/stage one failed: .*\nstage two skipped: Stage one has failed\.\nset \S+ failed: /);
});

it('on a terminal a bar goes on in place, and what is over stays above it', async () => {
  const words = wordsOf({
    name: 'drawn',
    stages: [
      { name: 'one', cmd: 'sleep 1' },
      { name: 'two', cmd: 'sleep 1; exit 3' },
    ],
  });

  const { code, drawn } = await onTerminal(words, { environment });

  expect(code).toBe(1);
  expect(drawn).toMatch(/\[\.+\] 0\/2 stage one running/);
  expect(drawn).toMatch(/\[#+\.+\] 1\/2 stage two running/);
  expect(shownBy(drawn)).toEqual([
    'set drawn submitted',
    'stage one succeeded',
    expect.stringMatching(/^stage two failed: /),
    expect.stringMatching(/^set drawn failed: Stage two has failed/),
    '',
  ]);
});

/** What is left on the screen. */
function shownBy(drawn: string): readonly string[] {
  return drawn.split('\r\n').map((line) => line.split('\r\u001B[K').at(-1) ?? '');
}

it('a set need not be waited for', async () => {
  const { code, output } = await run({ name: 'detached', stages: [{ name: 'one', cmd: 'true' }] }, '--detach');

  expect([code, output]).toEqual([0, 'set detached submitted\n']);
});

it('a dry run shows the set, and leaves nothing', async () => {
  const { code, output } = await run({ name: 'tried', stages: [{ name: 'one', cmd: 'true' }], dryRun: true });

  expect(code).toBe(0);
  expect(output).toMatch(/^# would be submitted\nmetadata:\n {2}name: tried\n(.*\n)*kind: JobSet\n/);
  expect(await sets.world.cluster.kube.everything('hub-functions/job-set=tried')).toEqual([]);
});

it('what is wrong with the set is told', async () => {
  const { code, errors } = await run({ stages: [] });

  expect(code).not.toBe(0);
  expect(errors).toContain('stages');
});

it('straight on a cluster it needs no function', async () => {
  const { world } = sets;
  await sets.stopEvents();
  const stages = [
    { name: 'one', cmd: 'exit 3' },
    { name: 'two', cmd: 'true' },
    { name: 'three', cmd: 'cat /data/none || true', always: true, claims: [{ set: 'data', mountPath: '/data' }] },
  ];
  const set = { name: 'direct', stages: stages.map(small), claims: [{ name: 'data', size: '11Gi' }] };
  const file = world.workspace.write('set.json', JSON.stringify(set));
  const where = ['--kubeconfig', kubeconfigOf(world), '-n', world.cluster.namespace, ...PULL];

  const { code, output } = await hubfn(['jobs', 'run', ...where, '-f', file], { environment: {} });

  expect(code).toBe(1);
  expect(output).toMatch(
    /stage one failed: .*\nstage two skipped: .*\n(.*\n)*stage three succeeded\nset direct failed: /,
  );
});

const PULL = ['--k8s-pull-policy', 'IfNotPresent'];

/** Straight on a cluster there are no operator's defaults. */
function small(stage: object): object {
  return { ...stage, image: JOB_DEFAULTS.image, resources: JOB_DEFAULTS.resources };
}
