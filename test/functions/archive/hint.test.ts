import { readHint } from '../../../functions/archive/hint';

const place = { namespace: 'hub', isKnownSource: (source: string) => source.startsWith('https://') };
const event = { type: 'dev.knative.apiserver.resource.update', source: 'https://api' };
const about = (labels: unknown): typeof event & { readonly data: unknown } => ({
  ...event,
  data: { kind: 'Job', metadata: { namespace: 'hub', labels } },
});
const mover = { 'hub-functions/kind': 'archive-mover' };

test.each([
  ['of a mover', { ...mover, 'hub-functions/user': '0123456789ab' }, { about: 'user', userHash: '0123456789ab' }],
  ['of a claim that is filled', { 'hub-functions/kind': 'archive-target' }, { about: 'restores' }],
  ['of somebody else', { 'hub-functions/kind': 'job' }, { about: 'nothing' }],
  ['of a mover of nobody', mover, { about: 'nothing' }],
  ['with a label that is no hash', { ...mover, 'hub-functions/user': 'a,b=c' }, { about: 'nothing' }],
  ['without labels', undefined, { about: 'nothing' }],
])('an object %s', (_what, labels, expected) => {
  expect(readHint(about(labels), place)).toEqual(expected);
});

test('a timer means everything', () => {
  expect(readHint({ type: 'dev.knative.sources.ping', source: 'https://x' }, place)).toEqual({ about: 'everything' });
});

test('an unknown source is refused for good', () => {
  const refusal = expect.objectContaining({ code: 'unknown_source', status: 400 }) as Error;
  expect(() => readHint({ ...about({}), source: 'http://x' }, place)).toThrow(refusal);
});
