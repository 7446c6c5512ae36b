import { jobBody, payloadOf, type Wishes } from '../../../bin/jobs/request';
import { parseJob } from '../../../functions/jobs/schema';

const bodyOf = (wishes: Wishes, defaultImage?: string) =>
  jobBody(
    { identifier: 'My_Run', payload: 'echo a\necho b', wishes, labels: { app: 'other', task: 'a' }, defaultImage },
    3,
  );

test('what nobody says has the values of the original', () => {
  const body = bodyOf({});
  expect(body).toEqual({
    name: 'shj-my-run-00003',
    args: ['bash', '-cl', 'echo a\necho b'],
    retries: 3,
    deadlineSeconds: 86_400,
    resources: { memory: '4000M', cpu: '1' },
    claims: [],
    env: {},
    secretEnv: {},
    labels: { app: 'submission-helper', identifier: 'My_Run', task: 'a' },
  });
  expect(() => parseJob(body)).not.toThrow();
});

test.each<[string, Wishes, object]>([
  ['minutes', { time: 90 }, { deadlineSeconds: 5_400 }],
  ['part of a minute', { time: 0.01 }, { deadlineSeconds: 1 }],
  ['no time', { time: 0 }, { deadlineSeconds: 86_400 }],
  ['less than no time', { time: -1 }, { deadlineSeconds: 86_400 }],
  ['memory and cores', { memory: 10, ncores: 0.5 }, { resources: { memory: '10M', cpu: '0.5' } }],
  ['no retries', { retries: 0 }, { retries: 0 }],
  ['a claim', { volumeClaim: 'c' }, { claims: [{ name: 'c', mountPath: '/ntuples', readOnly: false }] }],
  ['a path', { mountPath: '/d' }, { claims: [{ name: 'ntuples-claim', mountPath: '/d', readOnly: false }] }],
  ['a registry secret', { registrySecret: 's' }, { registrySecret: 's' }],
  ['variables', { env: { A: 'b' }, secretEnv: { C: 'd' } }, { env: { A: 'b' }, secretEnv: { C: 'd' } }],
])('%s', (_what, wishes, expected) => {
  const body = bodyOf(wishes);
  expect(body).toMatchObject(expected);
  expect(() => parseJob(body)).not.toThrow();
});

test('a profile has its own defaults, which only a word of the user overrides', () => {
  const body = bodyOf({ profile: 'small', memory: 10 });
  expect(body).toMatchObject({ profile: 'small', resources: { memory: '10M' } });
  expect(body['resources']).not.toHaveProperty('cpu');
  expect(body).not.toHaveProperty('retries');
  expect(body).not.toHaveProperty('deadlineSeconds');
});

test('the usual image is not for a profile, which has its own, and gives way to one by name', () => {
  expect(bodyOf({ usualImage: 'usual' })).toMatchObject({ image: 'usual' });
  expect(bodyOf({ usualImage: 'usual', image: 'chosen' })).toMatchObject({ image: 'chosen' });
  expect(bodyOf({ usualImage: 'usual', profile: 'small' })).not.toHaveProperty('image');
});

test.each<[string, Wishes, string | undefined, string]>([
  ['the default image has no bash', {}, 'busybox', 'sh'],
  ['the same image by name', { image: 'busybox' }, 'busybox', 'sh'],
  ['an image', { image: 'python:3' }, 'busybox', 'bash'],
  ['the usual image', { usualImage: 'python:3' }, 'busybox', 'bash'],
  ['the image of a profile', { profile: 'small' }, 'busybox', 'bash'],
  ["the operator's image", {}, undefined, 'bash'],
  ['a shell by name', { shell: 'zsh' }, 'busybox', 'zsh'],
])('%s', (_what, wishes, defaultImage, shell) => {
  expect(bodyOf(wishes, defaultImage)['args']).toEqual([shell, '-cl', 'echo a\necho b']);
});

test.each([
  [['echo $HOME; ls'], 'echo $HOME; ls'],
  [['echo', 'a b', "it's", '$HOME', ''], `echo 'a b' 'it'\\''s' '$HOME' ''`],
  [['./run', '--x=1', '/a/b.c'], './run --x=1 /a/b.c'],
])('the payload of %j', (words, payload) => {
  expect(payloadOf(words)).toBe(payload);
});
