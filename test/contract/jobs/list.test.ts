// The list of jobs: pages, labels, phases, and who sees which.
import { createJobs, jobsOf, type JobObject, type Jobs } from '../../support/jobs';

jest.setTimeout(120_000);

let jobs: Jobs;
const made: JobObject[] = [];

interface Entry {
  readonly job: string;
  readonly phase?: string;
}

beforeAll(async () => {
  jobs = await createJobs();
  const bodies = [
    { cmd: 'true', labels: { course: 'one' } },
    { cmd: 'exit 1', labels: { course: 'one' } },
    { cmd: 'sleep 600' },
    { cmd: 'true', nodeSelector: { nowhere: 'at-all' } },
  ];
  for (const body of bodies) made.push(await jobs.submit(body));
  const [good, bad, long] = made;
  if (good && bad && long) await Promise.all([jobs.ended(good), jobs.ended(bad), jobs.until(long, 'running')]);
});

afterAll(async () => jobs?.world.close());

async function list(query: string): Promise<readonly Entry[]> {
  return (await jobs.send('GET', `/jobs?${query}`)).body as readonly Entry[];
}

it.each([
  ['succeeded', [0]],
  ['failed', [1]],
  ['running', [2]],
  ['queued', [3]],
  ['queued,running', [2, 3]],
  ['cancelled', []],
])('state=%s', async (state, indices) => {
  const expected = indices.map((index) => made[index]?.metadata.name ?? '');

  expect((await list(`state=${state}`)).map(({ job }) => job).toSorted()).toEqual(expected.toSorted());
});

it('state=all tells the phase of each; without it entries are as in the original', async () => {
  const phases = (await list('state=all')).map(({ phase = 'none' }) => phase);
  expect(phases.toSorted()).toEqual(['failed', 'queued', 'running', 'succeeded']);
  expect((await list('')).every((entry) => !('phase' in entry))).toBe(true);
});

it('a label selects', async () => {
  expect((await list('label=course=one')).map(({ job }) => job).toSorted()).toEqual(
    made
      .slice(0, 2)
      .map(({ metadata }) => metadata.name)
      .toSorted(),
  );
});

it('comes in pages', async () => {
  const seen: string[] = [];
  for (let token = ''; seen.length < 10;) {
    const page = await jobs.send('GET', `/jobs?limit=3${token}`);
    seen.push(...(page.body as readonly Entry[]).map(({ job }) => job));
    const next = page.headers['x-continue'];
    if (next === undefined) break;
    token = `&continue=${encodeURIComponent(String(next))}`;
  }

  expect(seen.toSorted()).toEqual(made.map(({ metadata }) => metadata.name).toSorted());
});

it.each(['state=done', 'limit=0', 'limit=501', 'label=a%20b', 'label=,', 'continue=x', 'sort=name'])(
  '%s is refused',
  async (query) => {
    expect((await jobs.send('GET', `/jobs?${query}`)).status).toBe(422);
  },
);

it("another's list is empty", async () => {
  expect((await jobsOf(jobs.instance, 'hub-b').send('GET', '/jobs?state=all')).body).toEqual([]);
});
