import { Readable } from 'node:stream';
import { createLook, type Right } from '../../../lib/kube/look';
import type { TransportRequest } from '../../../lib/kube/transport';

const call = { signal: AbortSignal.timeout(30_000) };
const answering = (status: number, body: unknown, headers: Record<string, string> = {}) => {
  const sent: TransportRequest[] = [];
  const look = createLook((request) => {
    sent.push(request);
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    return Promise.resolve({ status, headers, body: Readable.from([Buffer.from(text)]) });
  });
  return { look, sent };
};

test('what is there is read', async () => {
  const { look, sent } = answering(200, { gitVersion: 'v1.34.4' });
  expect(await look.read('/version', call)).toEqual({ outcome: 'found', value: { gitVersion: 'v1.34.4' } });
  expect(sent.map(({ method, path }) => `${method} ${path}`)).toEqual(['GET /version']);
});

test.each([
  [404, '404 page not found\n', 'missing'],
  [404, { kind: 'Status', reason: 'NotFound', message: 'no' }, 'missing'],
  [403, { kind: 'Status', reason: 'Forbidden', message: 'no' }, 'forbidden'],
] as const)('%i %j is %s, and no failure', async (status, body, outcome) => {
  expect(await answering(status, body).look.read('/apis/none', call)).toEqual({ outcome });
});

test('any other failure stays one', async () => {
  const { look } = answering(401, { kind: 'Status', reason: 'Unauthorized', message: 'Who are you?' });
  await expect(look.read('/version', call)).rejects.toMatchObject({ code: 'unauthorized', message: 'Who are you?' });
});

test.each<[Right, object]>([
  [
    { verb: 'get', group: '', resource: 'pods/log', namespace: 'jhub' },
    { verb: 'get', group: '', resource: 'pods', subresource: 'log', namespace: 'jhub' },
  ],
  [
    { verb: 'patch', group: 'apps', resource: 'deployments', name: 'a' },
    { verb: 'patch', group: 'apps', resource: 'deployments', name: 'a' },
  ],
])('%j is asked for as RBAC has it', async (right, resourceAttributes) => {
  const { look, sent } = answering(201, { status: { allowed: true } });
  expect(await look.mayDo(right, call)).toBe(true);
  expect(JSON.parse(sent[0]?.body ?? '')).toMatchObject({
    kind: 'SelfSubjectAccessReview',
    spec: { resourceAttributes },
  });
});

test('who is not told to be allowed is not', async () => {
  expect(await answering(201, {}).look.mayDo({ verb: 'get', group: '', resource: 'pods' }, call)).toBe(false);
});

test('the clock of the API server is that of its answers', async () => {
  const { look } = answering(200, {}, { date: 'Sun, 29 Nov 2026 12:00:00 GMT' });
  expect(await look.serverTime(call)).toEqual(new Date('2026-11-29T12:00:00Z'));
  expect(await answering(200, {}).look.serverTime(call)).toBeUndefined();
});
