// deploy/openfaas on a real Kubernetes, in namespaces of this run: who may do what with each of the two kinds of editions.
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { promisify } from 'node:util';
import { eventually } from '../support/eventually';

jest.setTimeout(120_000);

const run = promisify(execFile);
const kubectl = process.env['KUBECTL'] ?? 'kubectl';
const id = randomBytes(3).toString('hex');
const namespaces = { functions: `openfaas-fn-${id}`, hub: `jhub-${id}` };

async function kube(args: readonly string[], input?: string): Promise<string> {
  const running = run(kubectl, [...args], { timeout: 60_000 });
  running.child.stdin?.end(input);
  return (await running).stdout;
}

beforeAll(async () => {
  for (const namespace of Object.values(namespaces)) await kube(['create', 'namespace', namespace]);
});

afterAll(async () => {
  await kube(['delete', 'namespace', ...Object.values(namespaces), '--ignore-not-found', '--wait=false']);
});

/** As an operator would make it for other namespaces. */
async function install(edition: string): Promise<void> {
  const manifests = await kube(['kustomize', `deploy/openfaas/${edition}`]);
  const here = manifests.replaceAll('openfaas-fn', namespaces.functions).replaceAll(/\bjhub$/gm, namespaces.hub);
  await kube(['apply', '--filename', '-'], here);
}

async function may(account: string, verb: string, resource: string, namespace = namespaces.hub): Promise<string> {
  const as = `--as=system:serviceaccount:${namespaces.functions}:${account}`;
  // `kubectl auth can-i` exits 1 for "no".
  const answer = await kube(['auth', 'can-i', verb, resource, '--namespace', namespace, as]).catch(
    (error: unknown) => (error as { stdout: string }).stdout,
  );
  return answer.trim();
}

/** Kubernetes hears of new roles a moment later. */
async function comesToMay(account: string, verb: string, resource: string): Promise<boolean> {
  return eventually(async () => ((await may(account, verb, resource)) === 'yes' ? true : undefined));
}

test('with accounts each function has its own rights, and the common account has none', async () => {
  await install('accounts');
  expect(await comesToMay('hub-functions-reaper', 'delete', 'jobs')).toBe(true);
  expect(await may('hub-functions-services', 'delete', 'jobs')).toBe('no');
  expect(await comesToMay('hub-functions-services', 'create', 'deployments')).toBe(true);
  expect(await may('hub-functions-intake', 'create', 'jobs')).toBe('no');
  expect(await may('default', 'create', 'deployments')).toBe('no');
});

test('on the Community Edition the common account has the rights of all, in the one namespace', async () => {
  await install('community');
  expect(await comesToMay('default', 'delete', 'jobs')).toBe(true);
  expect(await comesToMay('default', 'create', 'deployments')).toBe(true);
  expect(await may('default', 'create', 'deployments', namespaces.functions)).toBe('no');
  expect(await may('default', 'get', 'secrets', 'default')).toBe('no');
});

test('the Secrets are applied over such as hold something, and remove nothing', async () => {
  const { stdout: list } = await run(process.execPath, [
    'deploy/openfaas/secrets.mjs',
    '--namespace',
    namespaces.functions,
  ]);
  await kube(['apply', '--filename', '-'], list);
  const at = ['--namespace', namespaces.functions];
  const patch = JSON.stringify({ stringData: { hub: '{}' } });
  await kube(['patch', 'secret', 'hub-functions-credentials', '--patch', patch, ...at]);
  await kube(['apply', '--filename', '-'], list);
  expect(await kube(['get', 'secret', 'hub-functions-credentials', '--output', 'jsonpath={.data.hub}', ...at])).toBe(
    Buffer.from('{}').toString('base64'),
  );
});
