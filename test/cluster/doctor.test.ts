// `hubfn doctor` on a real cluster without Knative: as its administrator, and as somebody with a namespace only.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import type { Finding } from '../../bin/doctor/finding';
import { hubfn } from '../support/commandLine';
import { eventually } from '../support/eventually';
import { openKubeconfigCluster } from '../support/kubeconfigCluster';
import type { TestCluster } from '../support/testCluster';

const RBAC = 'rbac.authorization.k8s.io';

let cluster: TestCluster;
let folder: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'hubfn-doctor-'));
  cluster = await openKubeconfigCluster();
});
afterAll(async () => {
  await cluster?.close();
  rmSync(folder, { recursive: true, force: true });
});

const doctor = async (environment: Readonly<Record<string, string>>, ...args: readonly string[]) =>
  hubfn(['doctor', '--namespace', cluster.namespace, ...args], { environment });

const examine = async (environment: Readonly<Record<string, string>>) => {
  const { code, output } = await doctor(environment, '--platform', 'deployment', '--json');
  const { findings } = JSON.parse(output) as { findings: readonly Finding[] };
  return { code, of: (check: string) => findings.find((finding) => finding.check === check) };
};

/** As a service account without any right of its own. */
async function somebody(): Promise<Readonly<Record<string, string>>> {
  const { kube, namespace } = cluster;
  await kube.create('serviceaccounts', { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'installer' } });
  const request = { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenRequest', spec: {} };
  const path = `/api/v1/namespaces/${namespace}/serviceaccounts/installer/token`;
  const { body } = await kube.send('POST', path, request);
  const { token } = body['status'] as { token: string };
  const config = parse(readFileSync(cluster.environment['KUBECONFIG'] ?? '', 'utf8')) as Record<string, unknown>;
  const [user] = config['users'] as [{ name: string }];
  const file = join(folder, 'kubeconfig');
  writeFileSync(file, stringify({ ...config, users: [{ name: user.name, user: { token } }] }), { mode: 0o600 });
  return { KUBECONFIG: file };
}

test('an administrator may install on it, and is told what is lacking for Knative', async () => {
  const { code, of } = await examine(cluster.environment);
  expect(of('rights')).toMatchObject({ outcome: 'ok' });
  expect(of('Kubernetes')?.message).toMatch(/^v1\.\d+\.\d+/);
  expect(of('storage')?.message).toBe('standard is the default; none keeps volumes of deleted claims');
  expect(of('clock')?.message).toMatch(/^[012] s from that of the cluster$/);
  expect(code).toBe(0);

  const knative = await doctor(cluster.environment);
  expect(knative.output).toMatch(/^fail {2}Knative Serving +the cluster serves no Service$/m);
  expect(knative.code).toBe(1);
});

test('who has no rights is told which, and has them as soon as the advice was followed', async () => {
  const environment = await somebody();
  const before = await examine(environment);
  expect(before.code).toBe(1);
  expect(before.of('rights')?.message).toContain('get, create, patch');
  expect(before.of('namespace')?.message).toContain('you may not look at');

  const { fix = '' } = before.of('rights') ?? {};
  expect(fix).toContain('--clusterrole admin');
  await cluster.kube.send('POST', `/apis/${RBAC}/v1/namespaces/${cluster.namespace}/rolebindings`, {
    apiVersion: `${RBAC}/v1`,
    kind: 'RoleBinding',
    metadata: { name: 'hub-functions-installer' },
    roleRef: { apiGroup: RBAC, kind: 'ClusterRole', name: 'admin' },
    subjects: [{ kind: 'ServiceAccount', name: 'installer', namespace: cluster.namespace }],
  });
  const after = await eventually(async () => {
    const now = await examine(environment);
    return now.of('rights')?.outcome === 'ok' ? now : undefined;
  });
  expect(after.code).toBe(0);
  expect(after.of('storage')?.message).toBe('you may not look at storage classes');
});
