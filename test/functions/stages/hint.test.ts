import { readHint } from '../../../functions/stages/hint';

const place = { namespace: 'hub', isKnownSource: (source: string) => source.startsWith('https://') };
const event = { type: 'dev.knative.apiserver.resource.update', source: 'https://api' };
const about = (labels: unknown): typeof event & { readonly data: unknown } => ({
  ...event,
  data: { kind: 'Pod', metadata: { namespace: 'hub', labels } },
});

test.each([
  ['of a stage', { 'hub-functions/job-set': 's' }, { about: 'set', id: 's' }],
  ['of somebody else', { app: 'x' }, { about: 'nothing' }],
  ['with a label that is no name', { 'hub-functions/job-set': '../x' }, { about: 'nothing' }],
  ['without labels', undefined, { about: 'nothing' }],
])('a pod %s', (_what, labels, expected) => {
  expect(readHint(about(labels), place)).toEqual(expected);
});

test('a timer means everything', () => {
  expect(readHint({ type: 'dev.knative.sources.ping', source: 'https://x' }, place)).toEqual({ about: 'everything' });
});

test('an unknown source is refused for good', () => {
  const refusal = expect.objectContaining({ code: 'unknown_source', status: 400 }) as Error;
  expect(() => readHint({ ...about({}), source: 'http://x' }, place)).toThrow(refusal);
});
