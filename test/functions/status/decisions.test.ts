// The pure decisions of the function: what an event hints at, where a hub is, who tells it, what a sweep found.
import { foundBetween } from '../../../functions/status/found';
import { readHint } from '../../../functions/status/hint';
import { environmentOf, hubAddress } from '../../../functions/status/hubAddress';
import { claimed, released, toldUpTo } from '../../../functions/status/telling';
import { NO_PROGRESS, type Progress, type ProgressEvent } from '../../../lib/services/progress';

const place = { namespace: 'hub', isKnownSource: (source: string) => source === 'https://api' };
const change = (data: unknown) =>
  readHint({ type: 'dev.knative.apiserver.resource.add', source: 'https://api', data }, place);

describe('a hint', () => {
  const labels = { 'hub-functions/anchor': 'service-lab-1' };

  test.each([
    [
      'a labelled pod',
      { kind: 'Pod', metadata: { namespace: 'hub', labels } },
      { about: 'service', anchor: 'service-lab-1' },
    ],
    ['a pod of others', { kind: 'Pod', metadata: { namespace: 'hub' } }, { about: 'nothing' }],
    [
      'a label that is no name',
      { kind: 'Pod', metadata: { namespace: 'hub', labels: { 'hub-functions/anchor': '../x' } } },
      { about: 'nothing' },
    ],
    [
      'an event about a ReplicaSet',
      { kind: 'Event', metadata: { namespace: 'hub' }, involvedObject: { kind: 'ReplicaSet', name: 'r' } },
      { about: 'object', involved: { apiVersion: 'apps/v1', kind: 'ReplicaSet', name: 'r' } },
    ],
    [
      'an event about something else',
      { kind: 'Event', metadata: { namespace: 'hub' }, involvedObject: { kind: 'Node', name: 'n' } },
      { about: 'nothing' },
    ],
  ])('%s', (...[, data, hint]) => {
    expect(change(data)).toEqual(hint);
  });

  test.each([undefined, 'text', [], { kind: 'Pod' }, { metadata: { namespace: 'other' } }])('%j is poison', (data) => {
    expect(() => change(data)).toThrow(expect.objectContaining({ status: 400 }));
  });
});

describe("a hub's address", () => {
  const ALLOWED = ['https://hub.example.org/hub/api/'];
  const env = { JUPYTERHUB_API_TOKEN: 't', JUPYTERHUB_STATUS_URL: 'users/progress/status/ann/lab' };
  const urlOf = (more: Readonly<Record<string, string>>, allowed = ALLOWED) =>
    hubAddress({ ...env, ...more }, allowed)?.url;
  const UPDATE = 'https://hub.example.org/hub/api/users/progress/update/ann/lab';

  test('a relative path is below the first allowed address, under the name that a pod has for it or not', () => {
    expect(urlOf({})).toBe(UPDATE);
    expect(urlOf({ JUPYTERHUB_API_URL: 'http://hub:8081/hub/api' })).toBe(UPDATE);
    expect(urlOf({ JUPYTERHUB_API_URL: 'http://hub:8081/hub/api' }, ['http://hub:8081/'])).toBe(
      'http://hub:8081/hub/api/users/progress/update/ann/lab',
    );
  });

  test("OutpostSpawner's address comes first", () => {
    const url = `${ALLOWED[0]}users/progress/events/ann`;
    expect(urlOf({ JUPYTERHUB_EVENTS_URL: url })).toBe(url);
  });

  test.each([
    'https://evil.example/hub/api/x',
    '//evil.example/hub/api/x',
    '../../admin',
    'https://hub.example.org.evil.example/hub/api/x',
    'https://hub.example.org/hub/apix',
    'https://user@hub.example.org/hub/api/x',
    'http://hub.example.org/hub/api/x',
    'file:///etc/passwd',
    String.raw`\\evil.example\x`,
  ])('%s is not allowed', (url) => {
    expect(urlOf({ JUPYTERHUB_EVENTS_URL: url })).toBeUndefined();
  });

  test('there is none without address, token or permission', () => {
    expect(urlOf({ JUPYTERHUB_STATUS_URL: '' })).toBeUndefined();
    expect(urlOf({ JUPYTERHUB_API_TOKEN: 'None' })).toBeUndefined();
    expect(urlOf({}, [])).toBeUndefined();
    expect(environmentOf(undefined)).toEqual({});
    expect(environmentOf({ A: Buffer.from('ä').toString('base64') })).toEqual({ A: 'ä' });
  });
});

const event = (id: number, more: Partial<ProgressEvent> = {}): ProgressEvent => ({
  id,
  at: '2026-11-21T12:00:00Z',
  percent: 50,
  message: 'm',
  html: 'm',
  step: 'pulling',
  ...more,
});
const log = (...events: readonly ProgressEvent[]): Progress => ({ ...NO_PROGRESS, events });

describe('telling', () => {
  const now = new Date('2026-11-21T12:00:00Z');
  const later = new Date('2026-11-21T12:01:00Z');
  const mine = claimed(log(event(1), event(2)), { by: 'me', now });

  test('is claimed by one at a time, and only where there is something to tell', () => {
    expect(mine.telling?.by).toBe('me');
    expect(claimed(mine, { by: 'you', now })).toBe(mine);
    expect(claimed(mine, { by: 'you', now: later }).telling?.by).toBe('you');
    expect(claimed(log(), { by: 'me', now })).toEqual(log());
  });

  test('goes on until all is told', () => {
    const half = toldUpTo(mine, 1, { by: 'me', now: later });
    expect(half).toMatchObject({ told: 1, telling: { by: 'me', until: '2026-11-21T12:01:10.000Z' } });
    expect(toldUpTo(half, 2, { by: 'me', now: later })).toEqual({ ...log(event(1), event(2)), told: 2 });
  });

  test("is given back by its owner only, and somebody else's claim stays", () => {
    expect(released(mine, 'me').telling).toBeUndefined();
    expect(released(mine, 'you')).toBe(mine);
    expect(toldUpTo(mine, 1, { by: 'you', now }).telling?.by).toBe('me');
  });
});

test('a sweep tells what events missed from what only time brought', () => {
  const before = log(event(1, { reason: 'ImagePull' }));
  const failed = (reason: string) => log(event(1, { reason: 'ImagePull' }), event(2, { end: 'failed', reason }));
  expect(foundBetween(before, failed('ImagePull'))).toEqual({ missed: 0, overdue: 1 });
  expect(foundBetween(before, failed('StartTimeout'))).toEqual({ missed: 0, overdue: 1 });
  expect(foundBetween(before, failed('CrashLoop'))).toEqual({ missed: 1, overdue: 0 });
  expect(foundBetween(before, before)).toEqual({ missed: 0, overdue: 0 });
  expect(foundBetween(before, undefined)).toEqual({ missed: 0, overdue: 0 });
});
