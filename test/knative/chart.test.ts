// The chart with its default platform, on a real Knative: everything of it becomes ready, answers, and goes again.
import { token } from '../support/credentialFiles';
import { throughIngress } from '../support/knative/ingress';
import { HUB, openRelease, VALUES, type Release } from '../support/chart/release';
import { untilEmpty } from '../support/eventually';

let release: Release;

beforeAll(async () => {
  release = await openRelease();
  const functions = { services: { external: true } };
  await release.bring('helm', { ...VALUES, platform: 'knative', functions });
});

afterAll(async () => {
  await release?.close();
});

it('becomes ready, functions and what wakes them', async () => {
  const everything = 'ksvc,broker,trigger,pingsource,apiserversource';
  const said = await release.kubectl(['wait', '--for=condition=Ready', everything, '--all', '--timeout=120s']);

  expect(said.match(/service\.serving\.knative\.dev\/hub-functions-\w+ condition met/g)).toHaveLength(10);
});

it('says that all is well, from zero', async () => {
  expect(await release.helm('helm', 'test')).toMatch(/Phase:\s+Succeeded/);
});

it('is reached from outside where it is told to', async () => {
  const request = await throughIngress('hub-functions-services', release.namespace);
  const answer = await request('GET', '/api/services/', { headers: { authorization: token(HUB) } });
  expect([answer.status, answer.body]).toEqual([200, []]);
});

it('cannot become another platform while it is there', async () => {
  await expect(release.bring('helm', VALUES)).rejects.toThrow(
    'run on another platform than deployment: helm uninstall first',
  );
});

it('leaves the logins and the claim of archives', async () => {
  await release.helm('helm', 'uninstall');
  const kept = ['PersistentVolumeClaim/archive-repository', 'Secret/hub-functions-credentials'];
  await untilEmpty(release.kube, kept);
  expect(await release.kube.everything()).toEqual(kept);
});
