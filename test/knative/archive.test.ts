// An archive on the whole way: asked for through the ingress of a function that starts from zero, ended by its own event, downloaded; timers are off.
import { createHash } from 'node:crypto';
import { apiOf, claimsOf, type ArchiveObject } from '../support/archives';
import { eventually } from '../support/eventually';
import { kubeClient, type KubeClient } from '../support/kubeClient';
import { readKubeconfig } from '../support/kubeconfigFile';
import { pastIngress } from '../support/knative/ingress';
import { install, type Installation } from '../support/knative/installation';
import { HUB } from '../support/knative/overlay';
import { livingPods, untilNone } from '../support/knative/pods';
import { MOVERS } from '../support/movers';

/** As in scaling.test.ts. */
const IDLE_SECONDS = 180;
const ANSWERED_BY_EVENTS_SECONDS = 60;

let installation: Installation;
let archives: ReturnType<typeof apiOf>;
let made: ArchiveObject;
let digest: string;

beforeAll(async () => {
  installation = await install({ config: { archive: { mover: { idle_seconds: 5 } } } });
  const request = pastIngress(await installation.request('archive'));
  archives = apiOf({ request }, HUB);
  const claims = claimsOf(installation);
  await claims.create('claim-ada');
  const script = 'head -c 5000000 /dev/urandom > /data/big; sha256sum < /data/big | cut -c 1-64';
  const [said] = await Promise.all([claims.run('claim-ada', script), untilNone(installation, 'archive', IDLE_SECONDS)]);
  digest = said.trim();
});

afterAll(async () => {
  await installation?.close();
});

/** Without asking the function, which would look at it then. */
async function untilRested(id: string): Promise<void> {
  await eventually(async () => {
    const anchor = await installation.kube.get('configmaps', `archive-${id}`);
    expect(anchor?.metadata?.labels).toMatchObject({ 'hub-functions/phase': 'kept' });
    // The record is written first, the Job goes next.
    expect((await installation.kube.list('jobs', MOVERS)).map(({ metadata }) => metadata?.name)).toEqual([]);
    return true;
  }, ANSWERED_BY_EVENTS_SECONDS);
}

it('a backup that is asked for from zero is carried out, and its end is noticed by an event', async () => {
  expect(await livingPods(installation, 'archive')).toEqual([]);

  const asked = await archives.backUp('claim-ada');
  expect(asked).toMatchObject({ claim: 'claim-ada', user: 'ada', phase: 'active' });
  await untilRested(asked.id);

  made = (await archives.send('GET', `/archives/${asked.id}`)).body as ArchiveObject;
  expect(made).toMatchObject({ phase: 'kept', files: 1, bytes: 5_000_000, last: { verb: 'backup', outcome: 'done' } });
});

it('a download comes through the ingress whole, and its mover goes when it has ended', async () => {
  const answer = await archives.send('GET', `/archives/${made.id}/download?path=/big`);
  expect(answer).toMatchObject({ status: 200, headers: { 'content-length': '5000000' } });
  expect(createHash('sha256').update(answer.bytes).digest('hex')).toBe(digest);

  await untilRested(made.id);
});

function own(path: string): string {
  return `/api/v1/namespaces/${installation.namespace}/${path}`;
}

describe('with the account of the function', () => {
  let kube: KubeClient;

  beforeAll(async () => {
    const token = await installation.kubectl(['create', 'token', 'hub-functions-archive']);
    const { url, ca } = readKubeconfig(process.env['KUBECONFIG'] ?? '');
    kube = kubeClient({ url, ca, token: token.trim() }, installation.namespace);
  });

  afterAll(() => kube?.close());

  it('archives can be listed, and no password be read', async () => {
    expect((await kube.send('GET', own('configmaps'))).status).toBe(200);
    const keys = await installation.kube.list('secrets', 'hub-functions/kind=archive-key');
    expect(keys.map(({ metadata }) => metadata?.name)).toEqual(
      expect.arrayContaining(['archive-escrow', expect.stringMatching(/^archive-key-/) as string]),
    );
    for (const { metadata } of keys) {
      for (const method of ['GET', 'DELETE']) {
        expect((await kube.send(method, own(`secrets/${metadata?.name}`))).status).toBe(403);
      }
    }
    expect((await kube.send('GET', own('secrets'))).status).toBe(403);
    expect((await kube.send('GET', own('secrets?watch=true'))).status).toBe(403);
  });

  it.each([
    ['change a password', 'PATCH', 'secrets/archive-escrow'],
    ['get into a pod', 'POST', 'pods/any/exec'],
    ['make a pod', 'POST', 'pods'],
    ['get a token', 'POST', 'serviceaccounts/hub-functions-archive/token'],
  ])('cannot %s', async (_what, method, path) => {
    expect((await kube.send(method, own(path), {})).status).toBe(403);
  });

  it('reaches no volume and no other namespace', async () => {
    for (const path of ['persistentvolumes', 'namespaces/kube-system/configmaps', 'namespaces/kube-system/secrets']) {
      expect((await kube.send('GET', `/api/v1/${path}`)).status).toBe(403);
    }
  });
});
