import { findRoute } from '../../../dev/gateway/routes';

const toFunction = (name: string, path: string, prefix = '') => ({ to: 'function', name, path, prefix });
const hello = { to: 'service', namespace: 'default', name: 'svc-a' };

test.each([
  ['/function/services/api/health/?a=1', toFunction('services', '/api/health/?a=1', '/function/services')],
  ['/function/services', toFunction('services', '/', '/function/services')],
  ['/function/services?a=1', toFunction('services', '/?a=1', '/function/services')],
  ['/function/services.hub/x', toFunction('services', '/x', '/function/services.hub')],
  ['/api/services/', toFunction('services', '/api/services/')],
  ['/api/services.json', toFunction('services', '/api/services.json')],
  ['/api', toFunction('services', '/api')],
  ['/api?format=json', toFunction('services', '/api?format=json')],
  ['/api/userjobs/x/', toFunction('userjobs', '/api/userjobs/x/')],
  ['/api/userjobs.json', toFunction('userjobs', '/api/userjobs.json')],
  ['/api/logs/handler/', toFunction('logs', '/api/logs/handler/')],
  ['/jobs', toFunction('jobs', '/jobs')],
  ['/services/default/svc-a/x?y=1', { ...hello, prefix: '/services/default/svc-a', path: '/x?y=1' }],
  ['/services/default/svc-a:81/', { ...hello, port: 81, prefix: '/services/default/svc-a:81', path: '/' }],
  ['/services/default/svc-a', { to: 'redirect', location: '/services/default/svc-a/' }],
  ['/services/default/svc-a?b', { to: 'redirect', location: '/services/default/svc-a/?b' }],
])('%s', (url, route) => {
  expect(findRoute(url)).toEqual(route);
});

test.each(['/', '/apis', '/jobsets', '/function/', '/function/../x', '/services', '/services/default', '*'])(
  '%s leads nowhere',
  (url) => {
    expect(findRoute(url)).toBeUndefined();
  },
);
