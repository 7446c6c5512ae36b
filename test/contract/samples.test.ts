// The small samples, as they are: a command on a user's claim, and a web server that is fed by a ConfigMap.
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parse } from 'yaml';
import { eventually } from '../support/eventually';
import { createJobSets, type JobSets } from '../support/jobSets';
import { untilServed, visit } from '../support/userjobs/visits';

jest.setTimeout(240_000);

let sets: JobSets;

beforeAll(async () => {
  sets = await createJobSets({ claims: ['claim-*'] });
});

afterAll(async () => sets?.close());

it('a command removes what git has left behind on a claim, and nothing else', async () => {
  const spec = { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '16Mi' } } };
  await sets.world.cluster.kube.create('persistentvolumeclaims', { metadata: { name: 'claim-alice' }, spec });
  const claims = [{ name: 'claim-alice', mountPath: '/home/user' }];
  const shell = async (cmd: string): Promise<string> => {
    const { metadata } = await sets.ended(await sets.submit({ cmd, claims }));
    return (await sets.logs(metadata.name)).text;
  };
  await shell(`cd /home/user; mkdir -p old/.git new/.git other
    touch -t 202001010000 old/.git/index.lock old/.git/index other/index.lock; touch new/.git/index.lock`);

  const sample = parse(readFileSync(resolve('examples/jobs/unlock-git.yaml'), 'utf8')) as object;
  const ended = await sets.ended(await sets.submit(sample));

  expect(ended.state).toMatchObject({ phase: 'succeeded' });
  expect((await sets.logs(ended.metadata.name, '?stage=unlock')).text).toMatch(/^\S*\/old\/\.git\/index\.lock\n$/);
  expect(await shell('cd /home/user; find . -type f | sort')).toBe(
    './new/.git/index.lock\n./old/.git/index\n./other/index.lock\n',
  );
});

it('a web server serves what is in a ConfigMap, and what is put there later', async () => {
  const { cluster, hub, workspace } = sets.world;
  const text = readFileSync(resolve('descriptions/jupyterhub/web/service.yaml'), 'utf8');
  workspace.describe('web', { 'service.yaml': text });
  expect((await hub.start('notices', { service: 'web', startId: '1' })).status).toBe(201);

  expect(await untilServed(cluster.kube, 'svc-notices-1', 8080, 60)).toContain('No lecture on Friday.');

  await cluster.kube.patch('configmaps', 'pages-notices-1', { data: { 'index.html': 'All of them are held.\n' } });
  // A kubelet looks after its mounts once a minute.
  await eventually(async () => {
    const page = await visit(cluster.kube, 'svc-notices-1', 8080);
    if (page === 'All of them are held.\n') return true;
    throw new Error(page);
  }, 150);
  expect((await hub.stop('notices')).status).toBe(204);
});
