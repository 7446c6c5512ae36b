// The events of a job: what becomes of it, told once and in order, wherever it is asked for.
import { jobsOf, createJobs, type Jobs } from '../../support/jobs';
import type { SeenEvent } from '../../support/eventSource';

jest.setTimeout(120_000);

let jobs: Jobs;

beforeAll(async () => {
  jobs = await createJobs();
});

afterAll(async () => jobs?.world.close());

/** Reads one stream after the other, each from where the last one ended, as an EventSource does. */
async function followToEnd(id: string, lastEventId?: string): Promise<readonly SeenEvent[]> {
  const all: SeenEvent[] = [];
  for (let turn = 0; turn < 20; turn += 1) {
    const stream = await jobs.follow(id, { lastEventId: all.at(-1)?.id ?? lastEventId });
    if (stream.status !== 200) break;
    await stream.ended;
    all.push(...stream.events);
  }
  return all;
}

const phasesOf = (events: readonly SeenEvent[]): readonly string[] =>
  events.filter(({ data }) => data['reason'] === undefined || data['exitCode'] !== undefined).map(({ event }) => event);

it('tells each phase once, and ends with the end', async () => {
  const { metadata } = await jobs.submit({ cmd: 'sleep 1' });

  const events = await followToEnd(metadata.name);

  expect(phasesOf(events)).toEqual(['queued', 'starting', 'running', 'succeeded']);
  expect(new Set(events.map(({ id }) => id)).size).toBe(events.length);
  expect((await jobs.follow(metadata.name, { lastEventId: events.at(-1)?.id })).status).toBe(204);
});

it('tells each attempt, the exit code and the last lines, and the same to who asks later', async () => {
  const { metadata } = await jobs.submit({ cmd: 'echo try; sleep 1; exit 5', retries: 1 });

  const events = await followToEnd(metadata.name);

  expect(phasesOf(events)).toEqual(['queued', 'starting', 'running', 'queued', 'starting', 'running', 'failed']);
  expect(events.at(-1)?.data).toMatchObject({ attempt: 2, reason: 'Exited', exitCode: 5, lastLines: ['try'] });
  expect(phasesOf(await followToEnd(metadata.name))).toEqual(phasesOf(events));
});

it('is resumed from any event on another instance, without gap or repeat', async () => {
  const other = jobsOf(await jobs.world.addFunction('jobs')).instance;
  const job = await jobs.submit({ cmd: 'true' });
  await jobs.ended(job);
  const whole = await jobs.follow(job.metadata.name);
  await whole.ended;

  for (const [index, { id }] of whole.events.slice(0, -1).entries()) {
    const rest = await jobs.follow(job.metadata.name, { lastEventId: id, instance: other });
    await rest.ended;
    expect(rest.events).toEqual(whole.events.slice(index + 1));
  }
});

it('tells why a job waits, and that it was cancelled', async () => {
  const { metadata } = await jobs.submit({ cmd: 'true', nodeSelector: { nowhere: 'at-all' } });
  const stream = await jobs.follow(metadata.name);
  setTimeout(() => void jobs.send('DELETE', `/jobs/${metadata.name}`), 7_000);
  await stream.ended;

  expect(stream.events).toContainEqual(
    expect.objectContaining({ event: 'queued', data: expect.objectContaining({ reason: 'Unschedulable' }) as object }),
  );
  expect(stream.events.at(-1)).toMatchObject({ event: 'cancelled', data: { reason: 'Cancelled' } });
});

it("another's job has no events", async () => {
  const { metadata } = await jobs.submit({ cmd: 'true' });

  expect((await jobsOf(jobs.instance, 'hub-b').follow(metadata.name)).status).toBe(404);
});
