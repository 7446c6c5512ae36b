// `hubfn doctor` on a real Knative: it finds both halves, their controllers and the broker.
import type { Finding } from '../../bin/doctor/finding';
import { hubfn } from '../support/commandLine';
import { openKubeconfigCluster } from '../support/kubeconfigCluster';
import type { TestCluster } from '../support/testCluster';

let cluster: TestCluster;

beforeAll(async () => {
  cluster = await openKubeconfigCluster();
});
afterAll(async () => {
  await cluster?.close();
});

test('it is ready', async () => {
  const { code, output } = await hubfn(['doctor', '--namespace', cluster.namespace, '--json'], {
    environment: cluster.environment,
  });
  const { findings } = JSON.parse(output) as { findings: readonly Finding[] };
  const of = (check: string) => findings.find((finding) => finding.check === check);
  // Built from source, it knows no version.
  expect(of('Knative Serving')?.message).toMatch(/devel|^v?\d+\.\d+/);
  expect(of('Knative Eventing')?.message).toMatch(/devel|^v?\d+\.\d+/);
  expect(of('Knative features')).toEqual({ check: 'Knative features', outcome: 'ok', message: 'no flag is needed' });
  expect(of('broker')).toEqual({ check: 'broker', outcome: 'ok', message: 'MTChannelBasedBroker' });
  expect(of('rights')?.outcome).toBe('ok');
  expect(findings.filter(({ outcome }) => outcome === 'fail')).toEqual([]);
  expect(code).toBe(0);
});
