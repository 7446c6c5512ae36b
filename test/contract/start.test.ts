// What a start makes: the objects, the Secret, the input archive, and the answer to the byte (contract 3, 1.5).
import type { KubeObject } from '../../lib/kube/objects';
import { eventually } from '../support/eventually';
import { API_TOKEN, startBody } from '../support/hub';
import { configMap, mainDeployment, service, yaml } from '../support/manifests';
import { unpackTar } from '../support/tar';
import { createWorld, type World } from '../support/world';

let world: World;

beforeAll(async () => {
  world = await createWorld({
    environment: { STAGE: 'Prod', DEPLOYMENT_NAME: 'mgr' },
    config: {
      services: {
        env: { EXTRA: 'operator', FROM_HUB: 'overridden', COUNT: 3 },
        env_skip: ['PATH', 'uuidcode'],
        descriptions_ignore_files: ['*.bak'],
        skip: { stage: ['prod', 'dev'], credential: ['hub-a', 'hub', 'hub-b'] },
        replace: {
          stage: { prod: { where: 'stage', both: 'stage', later: '<owner>' }, dev: { where: 'dev' } },
          credential: { 'hub-a': { where: 'credential', both: 'credential', owner: 'someone' } },
          stage_credential: { prod: { 'hub-a': { both: 'stage and credential' } } },
        },
      },
    },
  });
});

afterAll(async () => {
  await world?.close();
});

function decoded(secret: KubeObject | undefined): Readonly<Record<string, string>> {
  const data = (secret?.['data'] ?? {}) as Readonly<Record<string, string>>;
  return Object.fromEntries(Object.entries(data).map(([key, value]) => [key, Buffer.from(value, 'base64').toString()]));
}

describe('the answer to a start', () => {
  it('is the service object, keys in order, compact', async () => {
    const answer = await world.hub.start('exact', { startId: 12_345, options: { a: [1, null], é: '<b>' } });

    expect(answer.status).toBe(201);
    expect(answer.headers['content-type']).toBe('application/json');
    const date = (answer.body as { start_date: string }).start_date;
    expect(date).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/);
    expect(Math.abs(Date.parse(date) - Date.now())).toBeLessThan(20_000);
    expect(answer.text).toBe(
      `{"servername":"exact","start_id":"12345","user_options":{"service":"sleeper","a":[1,null],"é":"<b>"},` +
        `"jhub_user_id":17,"jhub_credential":"hub-a","start_date":"${date}","stop_pending":false}`,
    );
  });

  it('gives a random name of 32 hex digits without uuidcode', async () => {
    const { body, status } = await world.hub.send('POST', '/api/services/', { json: startBody() });

    expect(status).toBe(201);
    expect(body).toMatchObject({ servername: expect.stringMatching(/^[0-9a-f]{32}$/) });
  });

  it('appends the state when the path has a suffix', async () => {
    const answer = await world.hub.send('POST', '/api/services.json', {
      json: startBody(),
      headers: { uuidcode: 'suffixed' },
    });

    expect(answer).toMatchObject({ status: 201, body: { servername: 'suffixed', running: true } });
  });

  it.each<[unknown, number]>([
    [17, 17],
    ['17', 17],
    ['17.0', 17],
    [-3, -3],
  ])('takes JUPYTERHUB_USER_ID %j as %d', async (id, expected) => {
    const answer = await world.hub.start(`user${expected}${typeof id}`, {
      startId: String(id).length,
      env: { JUPYTERHUB_USER_ID: id },
    });

    expect(answer).toMatchObject({ status: 201, body: { jhub_user_id: expected } });
  });
});

describe('the objects of a start', () => {
  it('carry labels and an owner, and leave out what the description does not say', async () => {
    world.workspace.describe('complete', {
      'service.yaml': yaml(mainDeployment(), service(), configMap('map-<id>', {})),
    });

    expect((await world.hub.start('owned', { service: 'complete', startId: '1' })).status).toBe(201);

    const { kube } = world.cluster;
    const anchor = (await kube.list('configmaps', 'hub-functions/kind=service')).find(({ metadata }) =>
      metadata?.name?.includes('owned'),
    );
    const owned = await Promise.all([
      kube.get('deployments', 'deployment-main-owned-1'),
      kube.get('services', 'svc-owned-1'),
      kube.get('configmaps', 'map-owned-1'),
      kube.get('secrets', 'secret-owned-1-mgr'),
    ]);
    const { name, uid } = anchor?.metadata ?? {};
    for (const object of owned) {
      expect(object?.metadata).toMatchObject({
        namespace: world.cluster.namespace,
        labels: {
          'hub-functions/anchor': name,
          'hub-functions/anchor-uid': uid,
          'app.kubernetes.io/managed-by': 'hub-functions',
        },
        ownerReferences: [{ apiVersion: 'v1', kind: 'ConfigMap', name, uid }],
      });
    }
    expect(owned[0]).toMatchObject({
      metadata: { labels: { app: 'test' } },
      spec: { selector: { matchLabels: { name: 'owned-1' } } },
    });
    expect(JSON.stringify(anchor)).not.toContain(API_TOKEN);
  });

  it('weakness 16: hub tokens are in the Secret and nowhere else', async () => {
    await world.hub.start('tokens', { startId: '1', headers: { 'access-token': 'access-secret' } });

    const { kube } = world.cluster;
    const others = await Promise.all(
      ['configmaps', 'deployments', 'pods', 'services'].map(async (plural) => kube.list(plural)),
    );
    const texts = [JSON.stringify(others), world.services.output()];
    for (const text of texts) expect(text).not.toMatch(new RegExp(`${API_TOKEN}|access-secret`));
    expect(decoded(await kube.get('secrets', 'secret-tokens-1-mgr'))).toMatchObject({
      JUPYTERHUB_API_TOKEN: API_TOKEN,
    });
  });

  it('have a Secret with every value as Python writes it', async () => {
    const env = {
      FROM_HUB: 'hub',
      PATH: '/bin',
      NONE: null,
      YES: true,
      NO: false,
      FLOAT: 1.5,
      LIST: [1, 'a', null, true],
      DICT: { a: 1, "it's": { b: [] } },
      EMPTY: '',
      UNICODE: 'söß €',
      SERVERNAME: 'forged',
      DRF_ID: 'forged',
    };

    await world.hub.start('values', { startId: '7', env, headers: { 'access-token': 'abc', 'x-other': 'unread' } });

    const secret = await world.cluster.kube.get('secrets', 'secret-values-7-mgr');
    expect(secret?.['type']).toBe('Opaque');
    expect(decoded(secret)).toEqual({
      JUPYTERHUB_STATUS_URL: 'users/progress/status/someone',
      JUPYTERHUB_API_TOKEN: API_TOKEN,
      JUPYTERHUB_USER_ID: '17',
      FROM_HUB: 'overridden',
      NONE: 'None',
      YES: 'True',
      NO: 'False',
      FLOAT: '1.5',
      LIST: "[1, 'a', None, True]",
      DICT: `{'a': 1, "it's": {'b': []}}`,
      EMPTY: '',
      UNICODE: 'söß €',
      EXTRA: 'operator',
      COUNT: '3',
      'access-token': 'abc',
      SERVERNAME: 'values',
      DRF_ID: 'values-7',
    });
  });

  it('have a Secret with the certificates when there are any, and only then', async () => {
    const certs = { keyfile: 'KEY\n', certfile: 'CERT\n', cafile: 'CA\n' };
    await world.hub.start('certs', { startId: '1', body: { certs } });
    await world.hub.start('nocerts', { startId: '1' });

    const { kube } = world.cluster;
    expect(decoded(await kube.get('secrets', 'secret-certs-certs-1-mgr'))).toEqual({
      JUPYTERHUB_SSL_KEYFILE_DATA: 'KEY\n',
      JUPYTERHUB_SSL_CERTFILE_DATA: 'CERT\n',
      JUPYTERHUB_SSL_CLIENT_CA_DATA: 'CA\n',
    });
    expect(await kube.get('secrets', 'secret-certs-nocerts-1-mgr')).toBeUndefined();
    // weakness 6: whatever ssl.enabled says
    await world.hub.stop('certs');
    await eventually(async () =>
      (await kube.get('secrets', 'secret-certs-certs-1-mgr')) === undefined ? true : undefined,
    );
  });

  it('have placeholders filled, the most particular value first', async () => {
    const names = [
      'id',
      'user_id',
      'unique_user_id',
      'secret_name',
      'secret_certs_name',
      'namespace',
      'where',
      'both',
      'later',
    ];
    const data = Object.fromEntries(names.map((name) => [name, `<${name}>`]));
    world.workspace.describe('filled', {
      'service.yaml': yaml(mainDeployment(), configMap('values-<id>', { ...data, mixed: 'a<where>-<both>z' })),
    });

    expect((await world.hub.start('filled', { service: 'filled', startId: '1' })).status).toBe(201);

    expect(await world.cluster.kube.get('configmaps', 'values-filled-1')).toMatchObject({
      data: {
        id: 'filled-1',
        user_id: '17',
        unique_user_id: 'hub-a_17',
        secret_name: 'secret-filled-1-mgr',
        secret_certs_name: 'secret-certs-filled-1-mgr',
        namespace: world.cluster.namespace,
        where: 'stage',
        both: 'stage and credential',
        later: 'someone',
        mixed: 'astage-stage and credentialz',
      },
    });
  });
});

describe('the input of a start', () => {
  const map = { ...configMap('input-<id>', {}), binaryData: { archive: '<input>' } };

  it('weakness 9: is a gzipped tar of input/ with the files of this stage and credential', async () => {
    const files = {
      'service.yaml': yaml(mainDeployment(), map),
      'input/plain.txt': 'plain',
      'input/old.bak': 'ignored',
      'input/sub/__init__.py': 'underscores stay',
      'input/prod_stage.txt': 'stage',
      'input/dev_stage.txt': 'other stage',
      'input/hub-a_who.txt': 'mine',
      'input/hub-b_who.txt': 'theirs',
      'input/prod_hub-a_both.txt': 'both',
      'input/both.txt': 'neither',
      'input/sub/hub_prefix.txt': 'credential hub is another one',
      'input/dev_folder/file.txt': 'folder of another stage',
    };
    world.workspace.describe('packed', files);

    expect((await world.hub.start('packed', { service: 'packed', startId: '1' })).status).toBe(201);

    const object = await world.cluster.kube.get('configmaps', 'input-packed-1');
    const { archive = '' } = (object?.['binaryData'] ?? {}) as { archive?: string };
    expect(await unpackTar(Buffer.from(archive, 'base64'))).toEqual({
      'input/': '',
      'input/plain.txt': 'plain',
      'input/sub/__init__.py': 'underscores stay',
      'input/stage.txt': 'stage',
      'input/who.txt': 'mine',
      'input/both.txt': 'both',
    });
  });

  it("weakness 9: another hub's start changes nothing in it", async () => {
    const files = {
      'service.yaml': yaml(mainDeployment(), map),
      'input/hub-a_who.txt': 'a',
      'input/hub-b_who.txt': 'b',
    };
    world.workspace.describe('shared', files);
    world.workspace.describe('shared', files, 'hub-b');
    const seen: unknown[] = [];
    for (const [index, credential] of ['hub-a', 'hub-b', 'hub-a'].entries()) {
      const hub = world.hubOf(credential);
      expect((await hub.start('shared', { service: 'shared', startId: `${index}` })).status).toBe(201);
      const object = await world.cluster.kube.get('configmaps', `input-shared-${index}`);
      const { archive = '' } = (object?.['binaryData'] ?? {}) as { archive?: string };
      seen.push((await unpackTar(Buffer.from(archive, 'base64')))['input/who.txt']);
    }

    expect(seen).toEqual(['a', 'b', 'a']);
  });

  it('is empty without a folder', async () => {
    world.workspace.describe('bare', {
      'service.yaml': yaml(mainDeployment(), configMap('input-<id>', { archive: '<input>' })),
    });

    await world.hub.start('bare', { service: 'bare', startId: '1' });

    expect(await world.cluster.kube.get('configmaps', 'input-bare-1')).toMatchObject({ data: { archive: '' } });
  });
});
