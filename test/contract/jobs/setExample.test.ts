// The example of docs/job-sets.md, as it is there.
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parse } from 'yaml';
import { createJobSets, type JobSets } from '../../support/jobSets';

jest.setTimeout(120_000);

let sets: JobSets;

beforeAll(async () => {
  sets = await createJobSets();
});

afterAll(async () => sets?.close());

it('runs', async () => {
  const [, example = ''] = /```yaml\n(.*?)```/s.exec(readFileSync(resolve('docs/job-sets.md'), 'utf8')) ?? [];
  const set = await sets.submit(parse(example) as object);

  expect((await sets.ended(set)).state).toMatchObject({ phase: 'succeeded' });
  expect(await sets.phases(set)).toEqual(['setup succeeded', 'test succeeded', 'results succeeded']);
  expect((await sets.logs(set.metadata.name, '?stage=results')).text).toBe('passed\n');
});
