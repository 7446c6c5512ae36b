// `hubfn jobs`, rows C1 to C7 of its contract: through the HTTP API and straight on a kubeconfig, the same to its user.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { passwordOf, WEB_SERVICE } from '../../support/credentialFiles';
import { hubfn, kubeconfigOf, type Ended } from '../../support/commandLine';
import { eventually } from '../../support/eventually';
import type { FunctionProcess } from '../../support/functionProcess';
import { BUSYBOX } from '../../support/manifests';
import { createWorld, type World } from '../../support/world';

jest.setTimeout(120_000);

let world: World;
let service: FunctionProcess;

beforeAll(async () => {
  const defaults = { image: BUSYBOX, pullPolicy: 'IfNotPresent' };
  world = await createWorld({ config: { jobs: { defaults } } });
  world.workspace.setCredential('hub-a', { groups: [WEB_SERVICE, 'access_to_jobs'] });
  service = await world.addFunction('jobs');
});
afterAll(async () => world?.close());

const SMALL = ['--memory', '10', '--ncores', '0.01', '--shell', 'sh', '--k8s-image', BUSYBOX];

const WAYS = {
  'over HTTP': () => ({
    where: ['--url', service.url, '--user', 'hub-a'],
    submission: [],
    environment: { HUBFN_PASSWORD: passwordOf('hub-a') },
  }),
  'on a kubeconfig': () => ({
    where: ['--kubeconfig', kubeconfigOf(world), '--namespace', world.cluster.namespace],
    submission: ['--k8s-pull-policy', 'IfNotPresent'],
    environment: {},
  }),
};

function idIn({ output, errors }: Ended): string {
  const [, id] = /^job (\S+) submitted$/m.exec(`${output}${errors}`) ?? [];
  if (id === undefined) throw new Error(`nothing was submitted: ${output}${errors}`);
  return id;
}

describe.each(Object.keys(WAYS) as (keyof typeof WAYS)[])('%s', (way) => {
  const run = async (command: string, args: readonly string[], environment = {}): Promise<Ended> => {
    const { where, ...given } = WAYS[way]();
    return hubfn(['jobs', command, ...where, ...args], { environment: { ...given.environment, ...environment } });
  };
  const submit = async (args: readonly string[], environment = {}): Promise<Ended> =>
    run('submit', [...WAYS[way]().submission, ...SMALL, ...args], environment);
  /** What one way submits is not the other's. */
  const named = (name: string): string => `${name} ${way}`;
  const slug = (name: string): string => named(name).toLowerCase().replaceAll(' ', '-');

  it('a job is waited for: its log is the output, its exit code is ours', async () => {
    const ended = await submit(['--retries', '0', '--wait', '--', 'sh', '-c', 'echo "a  b"; sleep 1; echo c; exit 7']);

    expect(ended).toMatchObject({ code: 7, output: 'a  b\nc\n' });
    expect(ended.errors).toMatch(/^job shj-sh-\d{5} submitted\njob .* failed: The command ended with exit code 7\.\n$/);
  });

  it('C4, C7: names are counted, and labels find jobs and pods', async () => {
    const ids = [];
    for (const number of [1, 2]) ids.push(idIn(await submit(['--identifier', named('Count'), 'echo', String(number)])));

    expect(ids).toEqual([`shj-${slug('count')}-00001`, `shj-${slug('count')}-00002`]);
    await run('wait', ids);
    const label = 'app=submission-helper';
    const jobs = await world.cluster.kube.list('jobs', label);
    expect(jobs.map(({ metadata }) => metadata?.name)).toEqual(expect.arrayContaining(ids));
    const pods = await world.cluster.kube.list('pods', `${label},job-name=${ids[0]}`);
    const { labels } = pods[0]?.metadata ?? {};
    expect(labels).toMatchObject({ app: 'submission-helper', identifier: expect.stringMatching(/^count-/) });
    expect((await world.cluster.kube.get('jobs', ids[0] ?? ''))?.metadata?.labels).toMatchObject({
      app: 'submission-helper',
      identifier: labels?.['identifier'],
    });
  });

  it('two who submit the same at once have two jobs', async () => {
    const args = ['--identifier', named('twins'), 'true'];
    const [one, other] = await Promise.all([submit(args), submit(args)]);

    expect(idIn(one)).not.toBe(idIn(other));
  });

  it('values of secrets are in the environment of the job, and in no Job', async () => {
    const args = ['--secret-env', 'KEY', '--env', 'PLAIN=p', '--wait', 'echo "$PLAIN $KEY"'];
    const ended = await submit(args, { KEY: 'hidden value' });

    expect(ended.output).toBe('p hidden value\n');
    expect(JSON.stringify(await world.cluster.kube.get('jobs', idIn(ended)))).not.toContain('hidden value');
  });

  it('status, list, logs and cancel of a job that runs', async () => {
    const id = idIn(await submit(['--identifier', named('long'), '--', 'sh', '-c', 'echo begun; exec sleep 600']));
    await eventually(async () => {
      return (await run('status', [id])).output.includes('running') ? true : undefined;
    }, 60);

    expect((await run('logs', [id, '--tail', '5'])).output).toBe('begun\n');
    expect((await run('list', ['--state', 'running'])).output).toContain(id);
    expect(await run('wait', [id, '--timeout', '0'])).toMatchObject({ code: 124 });
    const label = `identifier=${(await world.cluster.kube.get('jobs', id))?.metadata?.labels?.['identifier']}`;
    expect(await run('cancel', ['--label', label])).toMatchObject({ code: 0, output: `job ${id} cancelled\n` });
    expect(await run('wait', [id])).toMatchObject({ output: `job ${id} cancelled: The job was cancelled.\n` });
    expect(JSON.parse((await run('status', [id, '--json'])).output)).toMatchObject({ state: { phase: 'cancelled' } });
  });

  it('C5: a dry run shows what would be submitted, and submits nothing', async () => {
    const { output } = await submit(['--debug', '--identifier', named('dry'), 'true']);

    expect(output).toContain('# -1: would be submitted');
    expect(output).toContain(`name: shj-${slug('dry')}-00001`);
    expect(await run('status', [`shj-${slug('dry')}-00001`])).toMatchObject({
      code: 1,
      errors: 'hubfn: Job not found\n',
    });
  });

  it('C6: tasks run after what they depend on; failures spread; a second run goes on with the first', async () => {
    const file = join(world.workspace.root, `${slug('steps')}.yaml`);
    writeFileSync(
      file,
      `
tasks:
  - {name: merge, command: echo merged, depends: [one, two]}
  - {name: one, command: [echo, "1"]}
  - {name: two, payload: [echo 2, sleep 1]}
  - {name: made, command: exit 1, outputs: [${file}]}
  - {name: bad, command: exit 5, retries: 0}
  - {name: never, command: echo never, depends: [bad]}
`,
    );
    const args = ['-f', file, '--maxConcurrent', '2', '--checkmissing'];

    const first = await submit(args);
    const [again, tried] = [await submit(args), await submit([...args, '--debug', '--ntest', '2'])];

    expect(first.code).toBe(1);
    expect(first.output).toContain('made  done  its outputs exist\n');
    expect(first.output).toContain('never  failed  bad has failed\n');
    expect(first.output.indexOf('merge  submitted')).toBeGreaterThan(first.output.indexOf('two  done'));
    expect(first.output).toMatch(/6 tasks: 4 done, 2 failed\n$/);
    expect(again.output).not.toContain('submitted');
    expect(again.output).toMatch(/6 tasks: 4 done, 2 failed\n$/);
    expect(tried.output.match(/^# -\d: .*/gm)).toEqual([
      '# -1: one would be submitted',
      '# -2: two would be submitted',
    ]);
    expect((await run('logs', [`shj-${slug('steps')}-00001`])).output).toBe('merged\n');
    writeFileSync(file, 'tasks: [{name: merge, command: echo other}]');
    expect((await submit(args)).output).toContain('choose another --identifier');
  });

  it('a job that is not there is told in one line', async () => {
    for (const command of ['status', 'logs', 'wait', 'cancel']) {
      expect(await run(command, ['none'])).toMatchObject({
        code: 1,
        errors: expect.stringMatching(/^hubfn: .*not found\n$/),
      });
    }
  });
});

it('every attempt is in the log', async () => {
  const { where, environment } = WAYS['over HTTP']();
  const args = ['jobs', 'submit', ...where, ...SMALL, '--retries', '1', '--wait', 'echo try; exit 3'];

  const { output, code } = await hubfn(args, { environment });

  expect([output, code]).toEqual(['try\ntry\n', 3]);
});

it('Ctrl-C ends the waiting, and the job goes on', async () => {
  const { where, environment } = WAYS['over HTTP']();
  const args = ['--identifier', 'interrupted', '--wait', '--', 'sh', '-c', 'sleep 3; echo end'];
  const id = 'shj-interrupted-00001';
  const isRunning = eventually(async () => {
    const pods = await world.cluster.kube.list('pods', `job-name=${id}`);
    return pods.some((pod) => JSON.stringify(pod['status']).includes('"Running"')) ? true : undefined;
  }, 60);

  const { code } = await hubfn(['jobs', 'submit', ...where, ...SMALL, ...args], {
    environment,
    interrupted: isRunning,
  });

  expect(code).not.toBe(0);
  expect(await hubfn(['jobs', 'wait', ...where, id], { environment })).toMatchObject({ code: 0 });
  expect((await hubfn(['jobs', 'logs', ...where, id], { environment })).output).toBe('end\n');
});

it('when the service is gone it gives up, with the states so far', async () => {
  const mortal = await world.addFunction('jobs');
  const file = world.workspace.write('gone.yaml', 'tasks: [{name: long, command: sleep 600}]');
  const { environment } = WAYS['over HTTP']();
  const where = ['--url', mortal.url, '--user', 'hub-a'];
  const run = hubfn(['jobs', 'submit', ...where, ...SMALL, '-f', file], { environment });
  await eventually(async () => world.cluster.kube.get('jobs', 'shj-gone-00001'));

  await mortal.stop();

  const { code, output, errors } = await run;
  expect(code).toBe(1);
  expect(output).toMatch(/1 task: 1 (submitted|running)\n$/);
  expect(errors).toMatch(/^hubfn: .* could not be reached: /);
});

it('the jobs of another credential are not there', async () => {
  const where = ['--kubeconfig', kubeconfigOf(world), '--namespace', world.cluster.namespace];
  const list = await hubfn(['jobs', 'list', ...where, '--as', 'nobody', '--all'], { environment: {} });

  expect(list).toMatchObject({ code: 0, output: 'no jobs\n' });
});

it('a wrong password is told with what to give', async () => {
  const where = ['--url', service.url, '--user', 'hub-a'];
  const { code, errors } = await hubfn(['jobs', 'list', ...where], { environment: { HUBFN_PASSWORD: 'wrong' } });

  expect(code).toBe(1);
  expect(errors).toMatch(/^hubfn: .* Give --user and HUBFN_PASSWORD, or HUBFN_TOKEN\.\n$/);
});

it.each([
  [['submit'], 'the COMMAND is missing'],
  [['submit', '-f', 'none.yaml'], 'none.yaml cannot be read'],
  [['submit', '--submit', 'condor', 'true'], '--submit is auto, http or kubernetes, not condor'],
  [['submit', '--url', 'host', 'true'], '--url host is not a URL'],
  [['submit', '--url', 'http://127.0.0.1:1', '--as', 'me', 'true'], '--as does not go with a URL'],
  [['list', '--url', 'http://127.0.0.1:1', '--user', 'me'], 'the password of me is missing'],
  [['list', '--state', 'odd'], '--state is'],
  [['status'], 'the ID of the job is missing'],
  [['status', 'A/B'], 'A/B is no id of a job'],
  [['logs', 'a', '--tail', 'x'], '--tail x is not a whole number'],
  [['cancel', 'a', '--label', 'b=c'], 'give IDs or --label, not both'],
  [['wait', 'a', '--timeout', 'x'], '--timeout x is not a number of seconds'],
])('%j is a usage error', async (args, message) => {
  const { code, errors } = await hubfn(['jobs', ...args], { environment: {} });

  expect(code).toBe(2);
  expect(errors).toContain(`hubfn: ${message}`);
  expect(errors).toContain(`see hubfn jobs ${args[0]} --help`);
});
