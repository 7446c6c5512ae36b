import { belongingsOf } from '../../../functions/jobs/belongings';
import { choose } from '../../../functions/jobs/chosen';
import { jobsKey } from '../../../functions/jobs/configFile';
import { jobManifest, type Wanted } from '../../../functions/jobs/desired';
import { parseJob } from '../../../functions/jobs/schema';
import { belongingNames } from '../../../lib/jobs/names';
import type { KubeObject } from '../../../lib/kube/objects';

const BOTH = { secretEnv: { TOKEN: 'sesame' }, files: { '/in': 'text' } };

function wantedBy(body: object, nonce: string): Wanted {
  const request = parseJob(body);
  const chosen = choose(request, jobsKey.parse({}), 'hub');
  const names = belongingNames('a', nonce);
  return { id: 'a', namespace: 'default', credential: 'hub', request, chosen, digest: 'd', names };
}

const namesOf = (objects: readonly KubeObject[]) => objects.map(({ metadata }) => metadata?.name);

test('a repeat makes what the Job refers to that is there, and no other', () => {
  const there = jobManifest(wantedBy(BOTH, '111111111111'));

  const all = belongingsOf(there, wantedBy(BOTH, '222222222222'));

  expect(namesOf(all)).toEqual(['job-env-a-111111111111', 'job-files-a-111111111111']);
  expect(all).toMatchObject([
    { kind: 'Secret', immutable: true, stringData: { TOKEN: 'sesame' } },
    { kind: 'ConfigMap', immutable: true, data: {} },
  ]);
});

test('what an older version has named is made under that name', () => {
  const there = jobManifest(wantedBy(BOTH, 'x'));
  const older = JSON.parse(JSON.stringify(there).replaceAll('-a-x', '-a')) as KubeObject;

  expect(namesOf(belongingsOf(older, wantedBy(BOTH, 'y')))).toEqual(['job-env-a', 'job-files-a']);
});

test('who owns it is told twice', () => {
  const wanted = wantedBy(BOTH, 'x');
  const job = jobManifest(wanted);

  for (const { metadata } of belongingsOf({ ...job, metadata: { ...job.metadata, uid: 'u' } }, wanted)) {
    expect(metadata?.ownerReferences).toEqual([{ apiVersion: 'batch/v1', kind: 'Job', name: 'a', uid: 'u' }]);
    expect(metadata?.labels).toMatchObject({ 'hub-functions/job': 'a', 'hub-functions/job-uid': 'u' });
  }
});

test.each([
  ['secrets', { secretEnv: BOTH.secretEnv }, ['job-env-a-x']],
  ['files', { files: BOTH.files }, ['job-files-a-x']],
  ['neither', {}, []],
])('of a job with %s alone there is nothing else', (_what, body, names) => {
  const wanted = wantedBy(body, 'x');

  expect(namesOf(belongingsOf(jobManifest(wanted), wanted))).toEqual(names);
});

test('what a webhook has put into the pod template is not taken for ours', () => {
  const wanted = wantedBy({}, 'x');
  const containers = [{ name: 'sidecar', envFrom: [{ secretRef: { name: 'theirs' } }, { configMapRef: {} }] }];
  const volumes = [{ name: 'files', configMap: { name: 'theirs' } }, { name: 'other' }];

  const job = { ...jobManifest(wanted), spec: { template: { spec: { containers, volumes } } } };

  expect(belongingsOf(job, wanted)).toEqual([]);
});
