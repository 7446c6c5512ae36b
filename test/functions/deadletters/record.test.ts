import { toRecord } from '../../../functions/deadletters/record';

const NOW = new Date('2026-11-21T12:00:00Z');
const HEADERS = {
  'ce-id': '7',
  'ce-source': '/pings',
  'ce-type': 'dev.knative.sources.ping',
  'ce-knativeerrordest': 'http://reaper.hub.svc.cluster.local',
  'ce-knativeerrorcode': '400',
  'ce-extra': 'unheard of',
  authorization: 'Bearer secret',
};

const record = (headers: Readonly<Record<string, string>> = HEADERS, text = '{broken'): ReturnType<typeof toRecord> =>
  toRecord({ headers, bytes: Buffer.from(text), now: NOW });

test('a record tells what it was, who could not take it and how it was answered', () => {
  expect(record().data).toEqual({
    type: 'dev.knative.sources.ping',
    source: '/pings',
    id: '7',
    refusedBy: 'http://reaper.hub.svc.cluster.local',
    status: '400',
    receivedAt: '2026-11-21T12:00:00.000Z',
    bytes: '7',
    sha256: expect.stringMatching(/^[0-9a-f]{64}$/) as string,
  });
});

test('a record holds nothing of what the event carried', () => {
  expect(JSON.stringify(record(HEADERS, '{"token":"abc"}'))).not.toMatch(/abc|secret/);
});

test('one letter has one name, however often it comes', () => {
  expect(record().metadata.name).toBe(record(HEADERS, 'other').metadata.name);
  expect(record({ ...HEADERS, 'ce-id': '8' }).metadata.name).not.toBe(record().metadata.name);
});

test('what is no event at all is recorded by its digest', () => {
  expect(record({}, 'a').metadata.name).not.toBe(record({}, 'b').metadata.name);
  expect(record({}, 'a').data).toMatchObject({ source: '', id: record({}, 'a').data['sha256'] });
});

test('a long attribute is cut', () => {
  expect(record({ ...HEADERS, 'ce-knativeerrordata': 'x'.repeat(9999) }).data['answer']).toHaveLength(1024);
});
