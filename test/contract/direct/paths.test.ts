// What an ingress would decide before the function hears of it: the host that is asked, and dots in a path.
import { createWorld, type World } from '../../support/world';

let world: World;

beforeAll(async () => {
  world = await createWorld();
});

afterAll(async () => {
  await world?.close();
});

it('finds nothing above a path', async () => {
  for (const method of ['GET', 'DELETE', 'PATCH']) {
    expect((await world.hub.send(method, '/api/services/%2e%2e/')).status).toBe(404);
  }
});

it('lists its collections at /api/, without login, under the host that was asked', async () => {
  const answer = await world.services.request('GET', '/api/', { headers: { host: 'hub.example:8080' } });

  expect(answer).toMatchObject({
    status: 200,
    body: {
      services: 'http://hub.example:8080/api/services/',
      userjobs: 'http://hub.example:8080/api/userjobs/',
    },
  });
});
