// Service descriptions with mistakes, and values that try to be more than values: a readable refusal, and nothing is left.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { untilEmpty } from '../support/eventually';
import { API_TOKEN } from '../support/hub';
import { configMap, mainDeployment, service, yaml, type Manifest } from '../support/manifests';
import { createWorld, type World } from '../support/world';

let world: World;

beforeAll(async () => {
  const replace = { credential: { 'hub-a': { color: 'blue', nested: '<color>' } } };
  world = await createWorld({ config: { services: { replace } } });
});

afterAll(async () => {
  await world?.close();
});

interface Failure {
  readonly error: string;
  readonly detailed_error: string;
}

/** Starts what is described and expects a refusal that leaves nothing. */
async function refusal(files: Readonly<Record<string, string>>): Promise<Failure> {
  world.workspace.describe('mistaken', files);
  const answer = await world.hub.start('mistaken', { service: 'mistaken' });
  expect(answer).toMatchObject({ status: 500, body: { error: 'Could not start service' } });
  expect(answer.headers['content-type']).toBe('application/json');
  expect(answer.text).not.toContain(world.workspace.root);
  expect(answer.text).not.toContain(API_TOKEN);
  await untilEmpty(world.cluster.kube);
  return answer.body as Failure;
}

function podWith(pod: object): string {
  return yaml(mainDeployment({ pod }));
}

describe('weakness 11: mistakes are told with file, document and path', () => {
  const main = mainDeployment();
  const elsewhere = { ...configMap('x', {}), metadata: { name: 'x', namespace: 'kube-system' } };
  const role: Manifest = {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'Role',
    metadata: { name: 'x' },
    rules: [],
  };
  const clusterRole: Manifest = { ...role, kind: 'ClusterRole' };
  const custom: Manifest = { apiVersion: 'example.org/v1', kind: 'Widget', metadata: { name: 'x' } };

  it.each<[string, string, RegExp]>([
    [
      'an unknown placeholder',
      yaml(main, configMap('x', { key: '<colour>' })),
      /service\.yaml, document 2, data\.key: .*colour/,
    ],
    ['broken YAML', `${yaml(main)}\n---\na: [1\nb: 2`, /service\.yaml, document 2: .*YAML/],
    ['a document that is a list', `${yaml(main)}\n---\n- a`, /service\.yaml, document 2: .*map/],
    ['a kind that grants rights', yaml(role, main), /service\.yaml, document 1, kind: .*Role/],
    ['a cluster-wide kind', yaml(main, clusterRole), /service\.yaml, document 2, kind: .*ClusterRole/],
    ['a custom resource', yaml(main, custom), /service\.yaml, document 2, kind: .*Widget/],
    ['a namespace of others', yaml(main, elsewhere), /service\.yaml, document 2, metadata\.namespace: .*kube-system/],
    [
      'a name that is none',
      yaml(main, configMap('Not_A_Name', {})),
      /service\.yaml, document 2, metadata\.name: .*Not_A_Name/,
    ],
    [
      'no main Deployment',
      yaml(mainDeployment({ name: 'other-<id>' })),
      /service\.yaml.*deployment-main-mistaken-12345678/,
    ],
    ['host network', podWith({ hostNetwork: true }), /document 1, spec\.template\.spec\.hostNetwork/],
    [
      'a host path',
      podWith({ volumes: [{ name: 'v', hostPath: { path: '/' } }] }),
      /spec\.template\.spec\.volumes\[0\]\.hostPath/,
    ],
    [
      'a privileged container',
      yaml(mainDeployment({ container: { securityContext: { privileged: true } } })),
      /spec\.template\.spec\.containers\[0\]\.securityContext\.privileged/,
    ],
  ])('%s', async (_case, text, detail) => {
    expect((await refusal({ 'service.yaml': text })).detailed_error).toMatch(detail);
  });

  it('a service that nobody described makes no folder', async () => {
    const answer = await world.hub.start('lost', { service: 'unheard-of' });

    expect(answer).toMatchObject({
      status: 500,
      text: '{"error":"Could not start service","detailed_error":"Couldn&#x27;t find service yaml file."}',
    });
    expect(existsSync(join(world.workspace.descriptions, 'hub-a', 'unheard-of'))).toBe(false);
    expect(await world.cluster.kube.everything()).toEqual([]);
  });

  it('what the API server refuses is told in its words, without its headers', async () => {
    const wrong: Manifest = { ...service(), spec: { ports: [{ port: 99_999 }] } };

    const { detailed_error } = await refusal({ 'service.yaml': yaml(mainDeployment(), wrong) });

    expect(detailed_error).toMatch(/Service svc-mistaken-12345678: .*spec\.ports\[0\]\.port/);
    expect(detailed_error).not.toMatch(/audit-id|HTTP response|content-type/i);
  });

  it('a name that belongs to something else is not taken over', async () => {
    await world.cluster.kube.create('configmaps', { metadata: { name: 'foreign' }, data: { mine: 'yes' } });
    world.workspace.describe('mistaken', {
      'service.yaml': yaml(mainDeployment(), configMap('foreign', { mine: 'no' })),
    });

    const answer = await world.hub.start('mistaken', { service: 'mistaken' });

    expect(answer).toMatchObject({
      status: 409,
      body: { detailed_error: expect.stringContaining('ConfigMap foreign') },
    });
    expect(await world.cluster.kube.get('configmaps', 'foreign')).toMatchObject({ data: { mine: 'yes' } });
    await world.cluster.kube.remove('configmaps', 'foreign');
    await untilEmpty(world.cluster.kube);
  });
});

describe('weakness 14: values never become structure', () => {
  it('YAML in the values of a request stays text', async () => {
    const evil = '"}\nmetadata:\n  name: stolen\n- key: &a [1]\n---\nkind: Secret';
    const start = { env: { EVIL: evil, JUPYTERHUB_USER_ID: '17' }, options: { note: evil } };

    const answer = await world.hub.start('quoted', start);

    expect(answer).toMatchObject({ status: 201, body: { user_options: { service: 'sleeper', note: evil } } });
    const secret = await world.cluster.kube.get('secrets', 'secret-quoted-12345678-k8smgr');
    const data = secret?.['data'] as Record<string, string>;
    expect(Buffer.from(data['EVIL'] ?? '', 'base64').toString()).toBe(evil);
    await world.hub.stop('quoted');
  });

  it("the operator's values cannot add keys either, but a plain number stays a number", async () => {
    const text = `${yaml(mainDeployment())}\n---\napiVersion: v1\nkind: Service\nmetadata:\n  name: svc-<id>\nspec:\n  selector: {name: <id>, user: "<user_id>"}\n  ports: [{port: <user_id>}]\n`;
    world.workspace.describe('typed', { 'service.yaml': text });

    expect((await world.hub.start('typed', { service: 'typed', startId: '1' })).status).toBe(201);

    expect(await world.cluster.kube.get('services', 'svc-typed-1')).toMatchObject({
      spec: { selector: { name: 'typed-1', user: '17' }, ports: [{ port: 17 }] },
    });
    await world.hub.stop('typed');
  });
});
