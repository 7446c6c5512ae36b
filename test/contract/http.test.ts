// The HTTP surface: paths, methods, formats and the shapes of refusals (contract 1.1, 1.3, 1.5).
import { createWorld, type World } from '../support/world';

let world: World;

beforeAll(async () => {
  world = await createWorld();
});

afterAll(async () => {
  await world?.close();
});

describe('paths', () => {
  it.each([
    ['GET', '/api', 200],
    ['GET', '/api/health', 200],
    ['GET', '/api/services', 200],
    ['POST', '/api/services', 400],
    ['GET', '/api/services/none', 404],
    ['PATCH', '/api/services/none', 404],
    ['PUT', '/api/services/none', 404],
    ['DELETE', '/api/services/none', 404],
  ])(
    'weakness 22: %s %s answers %d with and without trailing slash, never a redirect',
    async (method, path, status) => {
      const [bare, slashed] = await Promise.all([world.hub.send(method, path), world.hub.send(method, `${path}/`)]);

      expect([bare.status, slashed.status]).toEqual([status, status]);
      expect(bare.text).toBe(slashed.text);
      expect(bare.headers.location).toBeUndefined();
    },
  );

  it('answers an unknown path with an HTML page and an unknown name with JSON', async () => {
    const page = await world.hub.send('GET', '/nowhere/');
    const name = await world.hub.send('GET', '/api/services/none/');

    expect([page.status, page.headers['content-type']]).toEqual([404, expect.stringContaining('text/html')]);
    expect(name).toMatchObject({ status: 404, text: '{"detail":"Not found."}' });
    expect(name.headers['content-type']).toBe('application/json');
  });

  it.each(['/api/services/a.b/', '/api/services/a%2Fb/', '/api/services/%ff/', '/api/services/a/b/'])(
    'finds nothing at %s',
    async (path) => {
      for (const method of ['GET', 'DELETE', 'PATCH']) {
        expect((await world.hub.send(method, path)).status).toBe(404);
      }
    },
  );

  it('weakness 17: gives no host back that could not be one', async () => {
    const answer = await world.services.request('GET', '/api/', { headers: { host: 'a"><script>' } });

    expect(answer.text).not.toContain('script');
  });
});

describe('health', () => {
  it('is open, empty and HTML', async () => {
    const answer = await world.services.request('GET', '/api/health/');

    expect(answer).toMatchObject({ status: 200, text: '' });
    expect(answer.headers['content-type']).toBe('text/html; charset=utf-8');
  });

  it('answers HEAD and OPTIONS', async () => {
    const [head, options] = await Promise.all(
      ['HEAD', 'OPTIONS'].map(async (method) => world.services.request(method, '/api/health/')),
    );

    expect([head?.status, options?.status]).toEqual([200, 200]);
  });

  it.each(['POST', 'PUT', 'PATCH', 'DELETE'])('refuses %s with 403 and HTML', async (method) => {
    const answer = await world.services.request(method, '/api/health/');

    expect(answer.status).toBe(403);
    expect(answer.headers['content-type']).toBe('text/html; charset=utf-8');
  });
});

describe('methods', () => {
  const collection = 'GET, POST, HEAD, OPTIONS';
  const item = 'GET, PUT, PATCH, DELETE, HEAD, OPTIONS';

  it.each([
    ['GET', '/api/services/', 200, collection],
    ['HEAD', '/api/services/', 200, collection],
    ['OPTIONS', '/api/services/', 200, collection],
    ['POST', '/api/services/', 400, collection],
    ['PUT', '/api/services/', 405, collection],
    ['DELETE', '/api/services/', 405, collection],
    ['GET', '/api/services/none/', 404, item],
    ['OPTIONS', '/api/services/none/', 200, item],
    ['POST', '/api/services/none/', 405, item],
    ['TRACE', '/api/services/none/', 405, item],
  ])('%s %s answers %d and says what is allowed', async (method, path, status, allow) => {
    const answer = await world.hub.send(method, path);

    expect(answer.status).toBe(status);
    expect(words(answer.headers.allow)).toEqual(words(allow));
  });

  it('names the refused method', async () => {
    const { text } = await world.hub.send('PUT', '/api/services/');

    expect(text).toBe('{"detail":"Method \\"PUT\\" not allowed."}');
  });

  it('answers HEAD without a body, with the headers of GET', async () => {
    const [head, get] = await Promise.all(
      ['HEAD', 'GET'].map(async (method) => world.hub.send(method, '/api/services/')),
    );

    expect(head?.text).toBe('');
    expect(head?.headers['content-type']).toBe(get?.headers['content-type']);
  });

  it('describes a collection to OPTIONS', async () => {
    const { body } = await world.hub.send('OPTIONS', '/api/services/');

    expect(body).toMatchObject({
      renders: ['application/json', 'text/html'],
      parses: ['application/json', 'application/x-www-form-urlencoded', 'multipart/form-data'],
    });
  });
});

describe('formats', () => {
  it.each(['/api/services.json', '/api/services.json/', '/api/services/?format=json'])('%s is JSON', async (path) => {
    const answer = await world.hub.send('GET', path, { headers: { accept: 'text/html,*/*;q=0.8' } });

    expect(answer).toMatchObject({ status: 200, text: '[]' });
    expect(answer.headers['content-type']).toBe('application/json');
  });

  it.each(['/api/services.xml', '/api/services/?format=xml', '/api/services/none.json'])(
    '%s is not found',
    async (path) => {
      expect(await world.hub.send('GET', path)).toMatchObject({ status: 404, text: '{"detail":"Not found."}' });
    },
  );

  it('shows a browser the answer as an HTML page, escaped', async () => {
    const headers = { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' };
    const list = await world.hub.send('GET', '/api/services/', { headers });
    const refusal = await world.services.request('GET', '/api/services/<script>', { headers });

    expect(list.status).toBe(200);
    expect(list.headers['content-type']).toContain('text/html');
    expect(refusal.text).not.toContain('<script>');
  });

  it('refuses an Accept header that nothing satisfies', async () => {
    const answer = await world.hub.send('GET', '/api/services/', { headers: { accept: 'image/png' } });

    expect(answer).toMatchObject({
      status: 406,
      text: '{"detail":"Could not satisfy the request Accept header."}',
    });
  });

  it.each(['text/plain', 'application/xml', 'application/merge-patch+json'])(
    'refuses a body of type %s',
    async (type) => {
      const answer = await world.hub.send('POST', '/api/services/', { raw: '{}', headers: { 'content-type': type } });

      expect(answer).toMatchObject({
        status: 415,
        body: { detail: `Unsupported media type "${type}" in request.` },
      });
    },
  );

  it('gives every answer an id and keeps the one it was given', async () => {
    const own = await world.hub.send('GET', '/api/services/');
    const given = await world.hub.send('GET', '/api/services/', { headers: { 'x-request-id': 'hub-42' } });

    expect(own.headers['x-request-id']).toMatch(/^\w+$/);
    expect(given.headers['x-request-id']).toBe('hub-42');
  });
});

function words(list: string | undefined): readonly string[] {
  return (list ?? '').split(', ').toSorted();
}
