// Which path names which route.
import type { Route } from '../../../lib/http/route';
import { createRouter } from '../../../lib/http/router';
import { parseTarget } from '../../../lib/http/target';

function route(method: Route['method'], path: string): Route {
  return { method, path, access: 'open', summary: `${method} ${path}`, handle: () => Promise.resolve({ status: 200 }) };
}

const router = createRouter([
  route('GET', '/'),
  route('POST', '/api/services/'),
  route('GET', '/api/services/'),
  route('GET', '/api/services/:name'),
  route('DELETE', '/api/services/:name/'),
  route('GET', '/jobs/:name'),
  route('GET', '/jobs/sets'),
  route('GET', '/openapi.json'),
]);

test.each([
  ['/', '/', {}, undefined],
  ['/api/services', '/api/services', {}, undefined],
  ['/api/services/', '/api/services', {}, undefined],
  ['/api/services.json', '/api/services', {}, 'json'],
  ['/api/services.json/', '/api/services', {}, 'json'],
  ['/api/services/x', '/api/services/x', { name: 'x' }, undefined],
  ['/api/services/x.xml', '/api/services/x', { name: 'x' }, 'xml'],
  ['/api/services/a%20b', '/api/services/a b', { name: 'a b' }, undefined],
  ['/jobs/sets', '/jobs/sets', {}, undefined],
  ['/openapi.json', '/openapi.json', {}, undefined],
])('%s is found', (...[path, name, params, suffix]) => {
  expect(router(path)).toMatchObject({ path: name, params, ...(suffix !== undefined && { suffix }) });
  expect(router(path)?.suffix).toBe(suffix);
});

test.each([
  '/api',
  '/api//services',
  '/api/services/a.b.json',
  '/api/services/a%2Fb',
  '/api/services/a%2Eb',
  '/api/services/%ff',
  '/api/services/x/y',
  '*',
  '',
])('%s names no route', (path) => {
  expect(router(path)).toBeUndefined();
});

test('Allow lists the methods of the path in a fixed order', () => {
  expect(router('/api/services')?.resource.allow).toBe('GET, POST, HEAD, OPTIONS');
  expect(router('/api/services/x')?.resource.allow).toBe('GET, DELETE, HEAD, OPTIONS');
});

test('two routes for one method and path are a mistake of the function', () => {
  expect(() => createRouter([route('GET', '/a'), route('GET', '/a/')])).toThrow('/a has two routes');
});

test.each([
  ['/function/services/api/services/?a=1', '/api/services/', 'a=1'],
  ['/function/services.openfaas-fn', '/', ''],
  ['/functions/x', '/functions/x', ''],
  ['http://host:8080/api/?b=%20', '/api/', 'b=+'],
  ['http://host', '/', ''],
  ['/?a=1?b', '/', 'a=1%3Fb'],
])('the target %s has the path %s', (url, path, query) => {
  const target = parseTarget(url);
  expect(target.path).toBe(path);
  expect(target.query.toString()).toBe(query);
});
