// deploy/manifests with the images that were built, as `kubectl apply -k dist/manifests` brings it: a real API server takes all of it.
import { kubectlIn } from '../../support/knative/kubectl';
import { openKubeconfigCluster } from '../../support/kubeconfigCluster';
import type { TestCluster } from '../../support/testCluster';
import { VALUES } from '../../support/chart/release';

let cluster: TestCluster;

beforeAll(async () => {
  cluster = await openKubeconfigCluster();
});

afterAll(async () => {
  await cluster?.close();
});

it('is taken as it is', async () => {
  const said = await kubectlIn(cluster.namespace)(['apply', '--kustomize', 'dist/manifests', '--dry-run=server']);

  expect(said.match(/^deployment\.apps\/hub-functions-\w+ created/gm)).toHaveLength(9);
  expect(said.match(/^cronjob\.batch\/hub-functions-\w+ created/gm)).toHaveLength(6);
});

it('names the images that were built, the mover among them', async () => {
  const text = await kubectlIn(cluster.namespace)(['kustomize', 'dist/manifests']);

  const { prefix, tag } = VALUES.image;
  expect(text).toContain(`name: MOVER_IMAGE\n          value: ${prefix}-mover:${tag}`);
  expect(text).toContain(`image: ${prefix}-stages:${tag}`);
  expect(text).not.toMatch(/image: hub-functions/);
});
