// What an operation costs the API server, counted on the embedded cluster (issue, "Speed"; weaknesses 19, 21).
import { basic } from '../../support/credentialFiles';
import { requestsDuring, untilWarm } from '../../support/embedded';
import { configMap, mainDeployment, service, yaml } from '../../support/manifests';
import type { FunctionProcess } from '../../support/functionProcess';
import { createWorld, type World } from '../../support/world';

const SERVICES = 100;
/** A config.json of an instance that reads everything directly. */
const COLD = JSON.stringify({ services: { watch_cache: { max_age_seconds: 0 } } });

let world: World;

beforeAll(async () => {
  world = await createWorld();
  const waiting = mainDeployment({ pod: { nodeSelector: { 'test/none': 'such' } } });
  world.workspace.describe('waiting', { 'service.yaml': yaml(waiting) });
});

afterAll(async () => {
  await world?.close();
});

it('weakness 21: a poll of a running service is two requests, and none once the cache is warm', async () => {
  await world.hub.start('steady');
  await world.hub.untilRunning('steady');
  const cold = await world.addServices({ CONFIG_PATH: world.workspace.write('cold.json', COLD) });

  const directly = await requestsDuring(world, async () => world.hubOf('hub-a', cold).poll('steady'));
  await cold.stop();
  await untilWarm(world);
  const watched = await requestsDuring(world, async () => {
    for (let time = 0; time < 30; time += 1) await world.hub.poll('steady');
  });

  expect(directly.toSorted()).toEqual(['list configmaps', 'list pods']);
  expect(watched).toEqual([]);
});

it('a poll of what is not there is never answered from the cache', async () => {
  const requests = await requestsDuring(world, async () => world.hub.send('GET', '/api/services/nowhere/'));

  expect(requests.toSorted()).toEqual(['list configmaps', 'list pods']);
});

it('a stop is one request', async () => {
  expect(await requestsDuring(world, async () => world.hub.stop('steady'))).toEqual(['deletecollection configmaps']);
});

it('a start is one request for each object, and one for its record', async () => {
  const parts = [mainDeployment(), service(), configMap('map-<id>', {})];
  world.workspace.describe('four', { 'service.yaml': yaml(...parts) });

  const requests = await requestsDuring(world, async () => world.hub.start('four', { service: 'four' }));

  expect(requests.toSorted()).toEqual([
    'create configmaps',
    'create configmaps',
    'create deployments',
    'create secrets',
    'create services',
  ]);
  await world.hub.stop('four');
});

it('a claim that stays is one request more when it is there, and three when it is made', async () => {
  const metadata = { name: 'claim-17', annotations: { 'hub-functions/restore': 'latest' } };
  const spec = { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Mi' } } };
  const volumes = [{ name: 'home', persistentVolumeClaim: { claimName: 'claim-17' } }];
  const claim = { apiVersion: 'v1', kind: 'PersistentVolumeClaim', metadata, spec };
  world.workspace.describe('home', { 'service.yaml': yaml(mainDeployment({ pod: { volumes } }), claim) });
  const started = async (startId: string): Promise<readonly string[]> => {
    const requests = await requestsDuring(world, async () => world.hub.start('home', { service: 'home', startId }));
    await world.hub.stop('home');
    return requests.toSorted();
  };
  const plain = ['create configmaps', 'create deployments', 'create secrets'];

  expect(await started('1')).toEqual(
    [...plain, 'create persistentvolumeclaims', 'get persistentvolumeclaims', 'list configmaps'].toSorted(),
  );
  expect(await started('2')).toEqual([...plain, 'get persistentvolumeclaims'].toSorted());
});

it('a list of a hundred services is no request, and one or with their state two without a cache', async () => {
  const names = Array.from({ length: SERVICES }, (_, index) => `service${index}`);
  const answers = await Promise.all(names.map(async (name) => world.hub.start(name, { service: 'waiting' })));
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([201]));
  const cold = await world.addServices({ CONFIG_PATH: world.workspace.write('cold.json', COLD) });
  const bothLists = async (services: FunctionProcess): Promise<readonly (readonly string[])[]> => {
    const { send } = world.hubOf('hub-a', services);
    const plain = await requestsDuring(world, async () => {
      expect((await send('GET', '/api/services/')).body).toHaveLength(SERVICES);
    });
    const suffixed = await requestsDuring(world, async () => {
      expect((await send('GET', '/api/services.json')).body).toHaveLength(SERVICES);
    });
    return [plain, suffixed.toSorted()];
  };

  expect(await bothLists(cold)).toEqual([['list configmaps'], ['list configmaps', 'list pods']]);
  expect(await bothLists(world.services)).toEqual([[], []]);
});

it('health is one request in some seconds', async () => {
  const requests = await requestsDuring(world, async () => {
    for (let time = 0; time < 20; time += 1) await world.services.request('GET', '/api/health/');
  });

  expect(requests.length).toBeLessThanOrEqual(1);
});

it('a refused login is none', async () => {
  const headers = { authorization: basic('hub-a', 'wrong') };

  expect(await requestsDuring(world, async () => world.services.request('GET', '/api/services/', { headers }))).toEqual(
    [],
  );
});
