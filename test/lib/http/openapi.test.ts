// How a route table reads as OpenAPI.
import * as z from 'zod';
import { openapi } from '../../../lib/http/openapi';
import type { Route } from '../../../lib/http/route';

const handle: Route['handle'] = () => Promise.resolve({ status: 200 });

test('paths, parameters, bodies and guards are told', () => {
  const { paths } = openapi('services', [
    { method: 'GET', path: '/api/', access: 'open', summary: 'Index', handle },
    {
      method: 'POST',
      path: '/api/services/:name',
      access: { group: 'g' },
      body: 'json',
      summary: 'Start',
      params: z.object({ name: z.string().max(5) }),
      query: z.object({ dry: z.boolean().optional() }),
      schema: z.object({ start_id: z.string() }),
      handle,
    },
  ]);
  expect(paths['/api/']).toMatchObject({ get: { summary: 'Index', security: [], parameters: [] } });
  expect(paths['/api/services/{name}']?.post).toMatchObject({
    security: [{ basic: [] }, { token: [] }],
    parameters: [
      { name: 'name', in: 'path', required: true, schema: { type: 'string', maxLength: 5 } },
      { name: 'dry', in: 'query', required: false, schema: { type: 'boolean' } },
    ],
    requestBody: { content: { 'application/json': { schema: { required: ['start_id'] } } } },
    responses: { 403: { description: 'The login is not in the group g' } },
  });
});
