import { readHint } from '../../../functions/reaper/hint';

const place = { namespace: 'hub', isKnownSource: (source: string) => source.startsWith('https://') };
const event = { type: 'dev.knative.apiserver.resource.update', source: 'https://api' };
const about = (kind: string, metadata: unknown): object => ({ ...event, data: { kind, metadata } });

test('an event about a Job is a hint which one to look at', () => {
  expect(
    readHint({ ...event, data: { kind: 'Job', metadata: { namespace: 'hub', name: 'j' }, status: {} } }, place),
  ).toEqual({
    about: 'job',
    name: 'j',
  });
});

test('a timer means everything', () => {
  expect(readHint({ type: 'dev.knative.sources.ping', source: 'https://x' }, place)).toEqual({ about: 'everything' });
});

test.each([
  ['unknown_source', { ...about('Job', { namespace: 'hub', name: 'j' }), source: 'http://x' }],
  ['unknown_event', { type: 'com.example.x', source: 'https://x' }],
  ['no_object', event],
  ['foreign_namespace', about('Job', { namespace: 'other', name: 'j' })],
  ['no_job', about('Pod', { namespace: 'hub', name: 'p' })],
  ['no_job', about('Job', { namespace: 'hub', name: '../x' })],
])('%s is refused for good', (code, refused) => {
  expect(() => readHint(refused as typeof event, place)).toThrow(
    expect.objectContaining({ code, status: 400 }) as Error,
  );
});
