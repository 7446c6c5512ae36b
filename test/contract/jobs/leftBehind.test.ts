// What an earlier job of the same id has left behind: a later one never runs with it, whosever it was.
import { randomUUID } from 'node:crypto';
import type { KubeObject, ObjectMeta } from '../../../lib/kube/objects';
import { eventually } from '../../support/eventually';
import { jobsOf, type Jobs } from '../../support/jobs';
import { createJobSets, type JobSets } from '../../support/jobSets';

jest.setTimeout(120_000);

const SHOW = 'echo "$WORD-$OTHER"; cat /f';
const FIRST = { cmd: SHOW, secretEnv: { WORD: 'first', OTHER: 'secret' }, files: { '/f': 'first file\n' } };
const THEIRS = { cmd: SHOW, secretEnv: { WORD: 'theirs' }, files: { '/f': 'their file\n' } };
const AGAIN = { cmd: SHOW, secretEnv: { WORD: 'again', OTHER: 'secret' }, files: { '/f': 'first file\n' } };
const HELD = { metadata: { finalizers: ['hub-functions/held-by-a-test'] } };
const FREE = { metadata: { finalizers: null } };

let sets: JobSets;
let theirs: Omit<Jobs, 'world'>;

beforeAll(async () => {
  sets = await createJobSets();
  theirs = jobsOf(sets.instance, 'hub-b');
});

afterAll(async () => sets?.close());

/** Its Secrets and files. */
async function belongings(...labels: readonly string[]): Promise<readonly (readonly [plural: string, name: string])[]> {
  const { kube } = sets.world.cluster;
  const found = await Promise.all(
    ['secrets', 'configmaps'].map(async (plural) =>
      (await kube.list(plural, labels.join())).map(({ metadata }) => [plural, metadata?.name ?? ''] as const),
    ),
  );
  return found.flat().filter(([, name]) => /^job-(env|files)-/.test(name));
}

async function isGone(plural: string, name: string): Promise<void> {
  await eventually(
    async () => ((await sets.world.cluster.kube.get(plural, name)) === undefined ? true : undefined),
    30,
  );
}

async function patchAll(all: Awaited<ReturnType<typeof belongings>>, patch: object): Promise<void> {
  const patched = all.map(async ([plural, name]) => sets.world.cluster.kube.patch(plural, name, patch));
  await Promise.all(patched);
}

const named = (): string => `left-${randomUUID().slice(0, 8)}`;

it('a job of another, after one whose Secret and files were kept by who deleted it, has its own alone', async () => {
  const { kube } = sets.world.cluster;
  const name = named();
  await sets.ended(await sets.submit({ name, ...FIRST }));
  await kube.remove('jobs', name, { propagationPolicy: 'Orphan' });
  await isGone('jobs', name);
  const left = await belongings(`hub-functions/job=${name}`);
  expect(left).toHaveLength(2);

  await theirs.ended(await theirs.submit({ name, ...THEIRS }));

  expect((await theirs.logs(name)).text).toBe('theirs-\ntheir file\n');
  const kept = await Promise.all(left.map(async ([plural, each]) => kube.get(plural, each)));
  expect(kept.map((object) => object?.metadata?.ownerReferences ?? [])).toEqual([[], []]);
});

it('a job of the same name has its own Secret and files while the old ones are being removed', async () => {
  const name = named();
  await sets.ended(await sets.submit({ name, ...FIRST }));
  const old = await belongings(`hub-functions/job=${name}`);
  await patchAll(old, HELD);
  await sets.world.cluster.kube.remove('jobs', name, { propagationPolicy: 'Background' });
  await isGone('jobs', name);

  await sets.ended(await sets.submit({ name, ...AGAIN }));

  expect((await sets.logs(name)).text).toBe('again-secret\nfirst file\n');
  expect(await belongings(`hub-functions/job=${name}`)).toHaveLength(4);
  await patchAll(old, FREE);
  await Promise.all(old.map(async ([plural, each]) => isGone(plural, each)));
  expect(await belongings(`hub-functions/job=${name}`)).toHaveLength(2);
});

it('a set of the same name has Secrets and files of its own while the old ones are being removed', async () => {
  const { kube } = sets.world.cluster;
  const name = named();
  const label = `hub-functions/job-set=${name}`;
  await sets.ended(await sets.submit({ name, stages: [{ name: 'one', ...FIRST }] }));
  const old = await belongings(label);
  expect(old).toHaveLength(2);
  await patchAll(old, HELD);
  await kube.remove('configmaps', `job-set-${name}`, { propagationPolicy: 'Background' });
  await isGone('configmaps', `job-set-${name}`);
  await isGone('jobs', `${name}-one`);

  const { state } = await theirs.ended(await theirs.submit({ name, stages: [{ name: 'one', ...THEIRS }] }));

  expect(state.phase).toBe('succeeded');
  expect((await theirs.logs(name, '?stage=one')).text).toBe('theirs-\ntheir file\n');
  await patchAll(old, FREE);
  await Promise.all(old.map(async ([plural, each]) => isGone(plural, each)));
});

it('a job that an older version has begun is completed under the names that it has', async () => {
  const { kube } = sets.world.cluster;
  const name = named();
  await sets.ended(await sets.submit({ name, ...FIRST }));
  const held = olderOne(await kube.get('jobs', name));
  await kube.remove('jobs', name, { propagationPolicy: 'Background' });
  await isGone('jobs', name);
  await kube.create('jobs', held);

  await sets.ended(await sets.submit({ name, ...AGAIN }));

  expect((await sets.logs(name)).text).toBe('again-secret\nfirst file\n');
  expect((await kube.get('secrets', `job-env-${name}`))?.metadata?.ownerReferences).toMatchObject([{ name }]);
});

/** Before names of Secrets and files were new with each Job; killed before these were made. */
function olderOne(job: KubeObject | undefined): KubeObject {
  const text = JSON.stringify(job).replaceAll(/(job-(?:env|files)-[-a-z0-9]+)-[0-9a-f]{12}/g, '$1');
  const { metadata, spec } = JSON.parse(text) as Made;
  const { name, labels, annotations } = metadata;
  const { selector: _given, template, ...asked } = spec;
  const own = Object.entries(template.metadata.labels).filter(([key]) => !/controller-uid|job-name/.test(key));
  return {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: { name, labels, annotations },
    spec: { ...asked, suspend: true, template: { ...template, metadata: { labels: Object.fromEntries(own) } } },
  };
}

interface Made {
  readonly metadata: Required<Pick<ObjectMeta, 'name' | 'labels' | 'annotations'>>;
  readonly spec: {
    readonly selector: object;
    readonly template: { readonly metadata: { readonly labels: Readonly<Record<string, string>> } };
  };
}
