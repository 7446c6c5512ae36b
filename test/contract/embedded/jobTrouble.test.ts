// Jobs while the API server fails: no empty log is told for one that could not be read, and what is made is made once and whole.
import { randomUUID } from 'node:crypto';
import { embeddedOf, OWN_REQUESTS, requestsDuring, withFault, type FaultRule } from '../../support/embedded';
import { eventually } from '../../support/eventually';
import { createJobs, jobsOf, type Jobs } from '../../support/jobs';

jest.setTimeout(60_000);

let jobs: Jobs;

beforeAll(async () => {
  jobs = await createJobs();
});

afterEach(() => embeddedOf(jobs.world).faults.clear());

afterAll(async () => jobs?.world.close());

const WHOLE = {
  args: ['sh', '-c', 'cat /data/in.txt; echo "$HIDDEN"'],
  secretEnv: { HIDDEN: 'hidden' },
  files: { '/data/in.txt': 'from a file\n' },
};

it('a plain job is one API request, one with a key three, two of them side by side, one with secrets and files four', async () => {
  expect(await requestsDuring(jobs.world, async () => jobs.submit({ cmd: 'true' }))).toEqual(['create jobs']);
  const keyed = async () => jobs.submit({ cmd: 'true' }, { 'idempotency-key': randomUUID() });
  expect(await requestsDuring(jobs.world, keyed)).toEqual(['get configmaps', 'get configmaps', 'create jobs']);
  const requests = await requestsDuring(jobs.world, async () => jobs.submit(WHOLE));
  expect(requests.slice(0, 4).toSorted()).toEqual(['create configmaps', 'create jobs', 'create secrets', 'patch jobs']);
});

it.each([
  ['is refused', { status: 500 }],
  ['breaks off', { reset: true }],
] satisfies [string, FaultRule['effect']][])('a log that %s is an error, never an empty text', async (_how, effect) => {
  const { metadata } = await jobs.ended(await jobs.submit({ cmd: 'echo hello' }));

  const answer = await withFault(jobs.world, { match: { resource: 'pods/log' }, effect }, async () =>
    jobs.logs(metadata.name),
  );

  expect(answer.status).toBeGreaterThanOrEqual(500);
  expect((await jobs.logs(metadata.name)).text).toBe('hello\n');
});

it('while the API server is away everything is a 503 that may be repeated', async () => {
  const { metadata } = await jobs.ended(await jobs.submit({ cmd: 'true' }));
  const item = `/jobs/${metadata.name}`;

  const answers = await withFault(jobs.world, { match: {}, effect: { reset: true } }, async () =>
    Promise.all([
      jobs.send('POST', '/jobs', { json: { cmd: 'true' } }),
      jobs.send('GET', '/jobs'),
      ...['', '/status', '/logs', '/events'].map(async (path) => jobs.send('GET', `${item}${path}`)),
      jobs.send('DELETE', item),
    ]),
  );

  expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 503));
  expect(answers.every(({ headers }) => headers['retry-after'] !== undefined)).toBe(true);
});

it('a submission that was killed at any request is finished by its repeat, once', async () => {
  for (let at = 1; at < 6; at += 1) {
    const key = randomUUID();
    const headers = { 'idempotency-key': key };
    const instance = await jobs.world.addFunction('jobs');
    const crash = (): void => instance.kill('SIGKILL');
    embeddedOf(jobs.world).faults.inject({ match: OWN_REQUESTS, at, effect: { crash } });
    await jobsOf(instance)
      .submit(WHOLE, headers)
      .catch(() => undefined);
    embeddedOf(jobs.world).faults.clear();

    const job = await jobs.ended(await jobs.submit(WHOLE, headers));

    expect(job.state).toMatchObject({ phase: 'succeeded', attempts: 1 });
    expect((await jobs.logs(job.metadata.name)).text).toBe('from a file\nhidden\n');
  }
});

it('a job that is cancelled while it is being made does not run', async () => {
  const name = 'cancelled-early';
  const match = { verb: 'create', resource: 'secrets' } as const;

  await withFault(jobs.world, { match, effect: { delayMs: 2_000 } }, async () => {
    const submitted = jobs.submit({ ...WHOLE, args: ['sleep', '600'], name });
    await eventually(async () => ((await jobs.send('DELETE', `/jobs/${name}`)).status === 200 ? true : undefined));
    await submitted;
  });

  const ended = await eventually(async () => {
    const { spec, status } = (await jobs.world.cluster.kube.get('jobs', name)) as unknown as Held;
    return spec.suspend || status.failed ? (status.active ?? 0) : undefined;
  });
  expect(ended).toBe(0);
});

interface Held {
  readonly spec: { readonly suspend?: boolean };
  readonly status: { readonly active?: number; readonly failed?: number };
}
