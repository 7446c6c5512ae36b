// What no function could take: a record that tells nothing, and of requests, which no sweep finds, an event that can be sent again.
import { join } from 'node:path';
import { mkdirSync, writeFileSync } from 'node:fs';
import type { KubeObject } from '../../../lib/kube/objects';
import { tokenOf } from '../../support/credentialFiles';
import { eventually } from '../../support/eventually';
import type { FunctionProcess } from '../../support/functionProcess';
import { createJobs, type Jobs } from '../../support/jobs';
import { callerOf, type Caller } from '../../support/statusFunction';

jest.setTimeout(80_000);

const REQUEST = 'hub-functions.request.v1';
const SOURCE = { 'ce-source': '/inside' };
const LETTERS = 'hub-functions/kind=dead-letter';

let jobs: Jobs;
let intake: FunctionProcess;
let letters: Caller;

beforeAll(async () => {
  const events = [{ credential: 'hub-a', takes: ['request'], name: 'inside', source: '/inside', identity: 'trusted' }];
  jobs = await createJobs({}, { intake: { events } });
  const { world } = jobs;
  const secrets = join(world.workspace.root, 'intake');
  mkdirSync(secrets);
  writeFileSync(join(secrets, 'token.hub-a'), tokenOf('hub-a'));
  intake = await world.addFunction('intake', { INTAKE_SECRETS: secrets, JOBS_URL: jobs.instance.url });
  letters = callerOf(await world.addFunction('deadletters', { DEAD_LETTERS_KEPT: '2' }), world.cluster.kube);
});

afterAll(async () => jobs?.world.close());

const waiting = (test: string) => ({
  request: { cmd: 'true', nodeSelector: { nowhere: 'at-all' }, labels: { test }, secretEnv: { KEY: 'sesame' } },
});

async function die(id: string): Promise<number> {
  return (await letters.send(REQUEST, waiting(id), { ...SOURCE, 'ce-id': id })).status;
}

async function found(kind: 'configmaps' | 'secrets', id: string): Promise<KubeObject | undefined> {
  const records = await jobs.world.cluster.kube.list('configmaps', LETTERS);
  const record = records.find(({ data }) => (data as { readonly id: string }).id === id);
  return kind === 'configmaps' || record === undefined
    ? record
    : jobs.world.cluster.kube.get('secrets', record.metadata?.name ?? '');
}

async function sentAgain(id: string): Promise<number> {
  const { data } = (await found('secrets', id)) as { readonly data?: { readonly event?: string } };
  const raw = Buffer.from(data?.event ?? '', 'base64').toString('utf8');
  const headers = { 'content-type': 'application/cloudevents+json' };
  return (await intake.request('POST', '/', { raw, headers })).status;
}

it('a request that nobody took can be sent again, and is one job however often', async () => {
  const { kube } = jobs.world.cluster;
  expect(await die('again')).toBe(204);
  expect(JSON.stringify(await found('configmaps', 'again'))).not.toContain('sesame');

  for (let times = 0; times < 2; times += 1) expect(await sentAgain('again')).toBe(204);
  await callerOf(intake, kube).send(REQUEST, waiting('again'), { ...SOURCE, 'ce-id': 'again' });

  expect(await kube.list('jobs', 'test=again')).toHaveLength(1);
});

it('who was killed before the content was kept does it when the letter comes again', async () => {
  const { kube } = jobs.world.cluster;
  await die('killed');
  const { metadata } = (await found('secrets', 'killed')) ?? {};
  await kube.remove('secrets', metadata?.name ?? '');
  expect(await die('killed')).toBe(204);

  expect(await sentAgain('killed')).toBe(204);
  expect(await kube.list('jobs', 'test=killed')).toHaveLength(1);
});

it('of a hint nothing is kept but the record, and the content of a request goes with its own', async () => {
  const { kube } = jobs.world.cluster;
  const name = (await found('configmaps', 'again'))?.metadata?.name ?? '';
  await letters.send('hub-functions.queued.v1', {}, { ...SOURCE, 'ce-id': 'hint' });

  expect(await found('configmaps', 'hint')).toMatchObject({ data: { type: 'hub-functions.queued.v1' } });
  expect(await found('secrets', 'hint')).toBeUndefined();
  await eventually(async () => ((await kube.get('secrets', name)) === undefined ? true : undefined));
  expect(await found('configmaps', 'again')).toBeUndefined();
  expect(await found('secrets', 'killed')).toBeDefined();
});
