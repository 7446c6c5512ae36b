import { createRewrite } from '../../../../dev/cluster/kubelet/rewriting';

const mounts = [
  { mountPath: '/data', folder: '/state/d' },
  { mountPath: '/data/in', folder: '/state/in' },
  { mountPath: '/etc/app/', folder: '/state/8080/etc' },
];
const rewrite = createRewrite(mounts, { 8080: 41234, 80: 40080 });

test.each([
  ['/data', '/state/d'],
  ['/data/file', '/state/d/file'],
  ['/data/in/file', '/state/in/file'],
  ['/database', '/database'],
  ['/other/data', '/other/data'],
  ['--config=/etc/app/x.yaml', '--config=/state/8080/etc/x.yaml'],
  ['a:/data:/data/in', 'a:/state/d:/state/in'],
  ["cat '/data/a b' >/data/in/c; ls /data", "cat '/state/d/a b' >/state/in/c; ls /state/d"],
  ['https://host/data', 'https://host/data'],
  ['8080', '41234'],
  ['--port=8080', '--port=41234'],
  ['0.0.0.0:8080', '0.0.0.0:41234'],
  ['http://0.0.0.0:8080/user/x/', 'http://0.0.0.0:41234/user/x/'],
  ['python -m http.server 8080', 'python -m http.server 41234'],
  ['18080', '18080'],
  ['8080.5', '8080.5'],
  ['80', '40080'],
  ['--port=80', '--port=40080'],
  ['sleep 80', 'sleep 80'],
])('%s becomes %s', (word, expected) => {
  expect(rewrite(word)).toBe(expected);
});

test('without mounts and ports every word stays', () => {
  expect(createRewrite([], {})('/data 8080')).toBe('/data 8080');
});
