import { defaultCommand, nameFault, pullFailure } from '../../../../dev/cluster/kubelet/images';

test.each([
  ['node', ['node']],
  ['node:20-slim', ['node']],
  ['docker.io/library/node@sha256:abc', ['node']],
  ['localhost:5000/team/node', ['node']],
  ['nodered', undefined],
  ['busybox', undefined],
])('the default command of %s is %s', (image, command) => {
  expect(defaultCommand(image)).toEqual(command);
});

test.each([
  ['busybox', undefined],
  [
    'does-not-exist',
    'failed to pull and unpack image "docker.io/library/does-not-exist:latest": failed to resolve reference "docker.io/library/does-not-exist:latest": docker.io/library/does-not-exist:latest: not found',
  ],
  [
    'team/does-not-exist:2',
    'failed to pull and unpack image "docker.io/team/does-not-exist:2": failed to resolve reference "docker.io/team/does-not-exist:2": docker.io/team/does-not-exist:2: not found',
  ],
  [
    'reg.invalid:5000/a/b',
    'failed to pull and unpack image "reg.invalid:5000/a/b:latest": failed to resolve reference "reg.invalid:5000/a/b:latest": failed to do request: Head "https://reg.invalid:5000/v2/a/b/manifests/latest": dial tcp: lookup reg.invalid: no such host',
  ],
])('pulling %s', (image, message) => {
  expect(pullFailure(image)?.message).toBe(message);
});

test.each([
  'busybox',
  'busybox:1.36',
  'team/app@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef',
  'localhost:5000/team/a_b/c-d:V1.0',
  'Registry/team/app',
  '[::1]:5000/app',
])('%s names an image', (image) => {
  expect(nameFault(image)).toBeUndefined();
});

test.each([
  ['Not/A/Name:1', ': repository name (A/Name) must be lowercase'],
  ['UPPER', ': repository name (library/UPPER) must be lowercase'],
  ['reg.invalid/Upper/x', ': repository name (Upper/x) must be lowercase'],
  ['reg.invalid/a//b:1', ''],
  ['ok:bad tag', ''],
  ['a@sha256:abc', ''],
])('%s names no image', (image, why) => {
  expect(nameFault(image)).toBe(
    `Failed to apply default image tag "${image}": couldn't parse image name "${image}": invalid reference format${why}`,
  );
});
