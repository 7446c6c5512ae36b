// The values for Zero to JupyterHub and the configuration of a hub belong together.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';

const root = join(__dirname, '../..');
const values = parse(readFileSync(join(root, 'examples/zero-to-jupyterhub/values.yaml'), 'utf8')) as Values;
const config = readFileSync(join(root, 'examples/jupyterhub/jupyterhub_config.py'), 'utf8');

interface Values {
  readonly hub: {
    readonly image: { readonly tag: string };
    readonly extraEnv: Readonly<Record<string, unknown>>;
    readonly extraFiles: Readonly<Record<string, { readonly mountPath: string }>>;
  };
}

/** As the schema of the chart 4.4 has them: it refuses all others. Below `extraEnv` and `ingress` is what Kubernetes knows. */
const KEYS = [
  'cull.enabled',
  'cull.timeout',
  'hub.allowNamedServers',
  'hub.extraEnv',
  'hub.extraFiles.hub-functions.mountPath',
  'hub.image.name',
  'hub.image.tag',
  'hub.networkPolicy.ingress',
  'prePuller.continuous.enabled',
  'prePuller.hook.enabled',
  'rbac.create',
  'scheduling.userPlaceholder.enabled',
  'scheduling.userScheduler.enabled',
  'singleuser.cloudMetadata.blockWithIptables',
  'singleuser.networkPolicy.enabled',
];

function keysOf(value: unknown, path: string): readonly string[] {
  const isLeaf = typeof value !== 'object' || value === null || Array.isArray(value) || path === 'hub.extraEnv';
  if (isLeaf) return [path];
  return Object.entries(value).flatMap(([key, inner]) => keysOf(inner, path === '' ? key : `${path}.${key}`));
}

test('the values say nothing that the chart does not know', () => {
  expect(keysOf(values, '').toSorted()).toEqual(KEYS);
});

test('the hub is told all that its configuration reads', () => {
  const read = [...config.matchAll(/os\.environ(?:\[|\.get\()"(\w+)"/g)].map(([, name]) => name);
  expect(new Set(Object.keys(values.hub.extraEnv))).toEqual(new Set(read));
});

test('the configuration lies where the chart looks for more of it', () => {
  const [file] = Object.values(values.hub.extraFiles);
  expect(file?.mountPath).toMatch(/^\/usr\/local\/etc\/jupyterhub\/jupyterhub_config\.d\/\w+\.py$/);
});

test('the hub of the image is the one of the values, with the packages that the tests run', () => {
  const dockerfile = readFileSync(join(root, 'examples/zero-to-jupyterhub/Dockerfile'), 'utf8');
  expect(dockerfile).toContain(`FROM quay.io/jupyterhub/k8s-hub:${values.hub.image.tag}\n`);
  const tested = readFileSync(join(root, 'test/hub/requirements.txt'), 'utf8');
  const installed = [...dockerfile.matchAll(/[\w-]+==[\d.]+/g)].map(([text]) => text);
  expect(installed).toHaveLength(2);
  for (const requirement of installed) expect(tested).toContain(requirement);
});
