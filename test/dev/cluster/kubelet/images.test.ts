import { defaultCommand, pullFailure } from '../../../../dev/cluster/kubelet/images';

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
