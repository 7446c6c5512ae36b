import { parseChallenge } from '../../../../bin/images/registry/challenge';

test.each([
  ['Basic realm="Registry Realm"', { scheme: 'basic' }],
  [
    'Bearer realm="https://auth.example.org/token?a=b",service="registry.example.org",scope="repository:team/lab:pull,push"',
    {
      scheme: 'bearer',
      realm: 'https://auth.example.org/token?a=b',
      service: 'registry.example.org',
      scope: 'repository:team/lab:pull,push',
    },
  ],
  ['bearer Realm=https://auth.example.org/token', { scheme: 'bearer', realm: 'https://auth.example.org/token' }],
  ['Bearer service="x"', undefined],
  ['Bearer realm="nowhere"', undefined],
  ['Negotiate', undefined],
  ['', undefined],
])('%s', (header, expected) => {
  expect(parseChallenge(header)).toEqual(expected);
});
