import { contentOf } from '../../../functions/deadletters/content';

const HEADERS = {
  'content-type': 'application/json',
  'ce-specversion': '1.0',
  'ce-id': 'a%20%E2%82%AC',
  'ce-source': '/grader/100%',
  'ce-type': 'hub-functions.request.v1',
  'ce-course': 'physics',
  'ce-knativeerrordest': 'http://intake.hub.svc.cluster.local',
  'ce-knativeerrorcode': '503',
  authorization: 'Bearer secret',
};
const NOW = new Date('2026-11-21T12:00:00Z');

const content = (text: string, headers: Readonly<Record<string, string>> = HEADERS): string | undefined =>
  contentOf({ headers, bytes: Buffer.from(text), now: NOW });

test('a request is kept as the event that it was, without words of others', () => {
  expect(JSON.parse(content('{"request": {"cmd": "true"}}') ?? '')).toEqual({
    specversion: '1.0',
    id: 'a €',
    source: '/grader/100%',
    type: 'hub-functions.request.v1',
    course: 'physics',
    datacontenttype: 'application/json',
    data: { request: { cmd: 'true' } },
  });
});

test('what it carried is kept as it came', () => {
  expect(content('{"n": 12345678901234567890}')).toContain('"data":{"n": 12345678901234567890}}');
});

test.each([
  ['a hint, which a sweep makes good', '{}', { ...HEADERS, 'ce-type': 'hub-functions.queued.v1' }],
  ['what nobody could ever read', '{broken', HEADERS],
  ['more than fits', JSON.stringify('x'.repeat(1024 * 1024)), HEADERS],
])('%s is not kept', (_what, text, headers) => {
  expect(content(text, headers)).toBeUndefined();
});
