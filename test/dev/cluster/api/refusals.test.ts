// What a real API server (1.34) answered to the same requests.
import {
  APPLY_PATCH,
  configMap,
  createApiClient,
  JSON_PATCH,
  MERGE_PATCH,
  NS,
  podSpec,
  type ApiClient,
} from './apiClient';

const MAPS = `${NS}/configmaps`;
const OTHER_UID = '00000000-0000-0000-0000-000000000001';
const APPLIED = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a' } };

let api: ApiClient;
beforeEach(async () => {
  api = createApiClient();
  await api.post(MAPS, configMap('a', { data: { x: '1' } }));
});

type Case = readonly [
  what: string,
  request: readonly [method: string, path: string, body?: unknown, headers?: Record<string, string>],
  answer: readonly [status: number, reason: string | undefined, message: RegExp],
];

const CREATE: readonly Case[] = [
  [
    'a resourceVersion of a new object',
    ['POST', MAPS, { metadata: { name: 'b', resourceVersion: '5' } }],
    [500, undefined, /^resourceVersion should not be set on objects to be created$/],
  ],
  ['another content type', ['POST', MAPS, {}, { 'content-type': 'text/plain' }], [415, 'UnsupportedMediaType', /json/]],
  [
    'an unknown dryRun',
    ['POST', `${MAPS}?dryRun=Yes`, configMap('b')],
    [422, 'Invalid', /^CreateOptions.meta.k8s.io "" is invalid: dryRun: Unsupported value: \["Yes"\]/],
  ],
  [
    'a pod whose ServiceAccount is missing',
    ['POST', `${NS}/pods`, { metadata: { name: 'p' }, spec: { ...podSpec, serviceAccountName: 'none' } }],
    [403, 'Forbidden', /error looking up service account default\/none: serviceaccount "none" not found$/],
  ],
  [
    'a pod of no known priority',
    ['POST', `${NS}/pods`, { metadata: { name: 'p' }, spec: { ...podSpec, priorityClassName: 'none' } }],
    [403, 'Forbidden', /no PriorityClass with name none was found$/],
  ],
  [
    'a blank before an image',
    ['POST', `${NS}/pods`, { metadata: { name: 'p' }, spec: { containers: [{ name: 'm', image: ' i' }] } }],
    [422, 'Invalid', /spec.containers\[0\].image: .*must not have leading or trailing whitespace/],
  ],
  ['a name nowhere in an update', ['PUT', `${MAPS}/a`, { data: {} }], [400, 'BadRequest', /undeterminable/]],
  ['an update of a collection', ['PUT', MAPS, configMap('a')], [405, 'MethodNotAllowed', /does not allow/]],
];

const READ: readonly Case[] = [
  ['a version of the future', ['GET', `${MAPS}?resourceVersion=999`], [504, 'Timeout', /^Timeout: Too large resource/]],
  ['one object of the future', ['GET', `${MAPS}/a?resourceVersion=999`], [504, 'Timeout', /Too large resource/]],
  ['a version that is none', ['GET', `${MAPS}?resourceVersion=x`], [400, 'BadRequest', /invalid resource version/]],
  [
    'an old version exactly',
    ['GET', `${MAPS}?resourceVersion=1&resourceVersionMatch=Exact`],
    [410, 'Expired', /too old/],
  ],
  [
    'a match without a version',
    ['GET', `${MAPS}?resourceVersionMatch=NotOlderThan`],
    [422, 'Invalid', /forbidden unless resourceVersion is provided/],
  ],
  [
    'an unknown match',
    ['GET', `${MAPS}?resourceVersion=1&resourceVersionMatch=Foo`],
    [422, 'Invalid', /supported values: "Exact", "NotOlderThan", ""/],
  ],
  [
    'initial events without NotOlderThan',
    ['GET', `${MAPS}?watch=1&sendInitialEvents=true`],
    [422, 'Invalid', /sendInitialEvents requires setting resourceVersionMatch to NotOlderThan/],
  ],
  ['a label value that is none', ['GET', `${MAPS}?labelSelector=a%3Dx%2Fy`], [400, 'BadRequest', /values\[0\]\[a\]/]],
];

const PATCH: readonly Case[] = [
  [
    'another uid',
    ['PATCH', `${MAPS}/a`, { metadata: { uid: OTHER_UID } }, MERGE_PATCH],
    [422, 'Invalid', /metadata.uid: Invalid value: .*: field is immutable/],
  ],
  [
    'a wrong type',
    ['PATCH', `${MAPS}/a`, { data: { x: 3 } }, MERGE_PATCH],
    [422, 'Invalid', /^ "" is invalid: patch: Invalid value: .*cannot unmarshal number/],
  ],
  ['a list as merge patch', ['PATCH', `${MAPS}/a`, [], MERGE_PATCH], [400, 'BadRequest', /^error decoding patch/]],
  ['half a patch', ['PATCH', `${MAPS}/a`, '{', MERGE_PATCH], [400, 'BadRequest', /^error decoding patch/]],
  ['an unknown operation', ['PATCH', `${MAPS}/a`, [{ op: 'x', path: '/a' }], JSON_PATCH], [422, 'Invalid', /rejected/]],
  ['force without apply', ['PATCH', `${MAPS}/a?force=true`, {}, MERGE_PATCH], [422, 'Invalid', /non-apply patch/]],
  ['an apply by nobody', ['PATCH', `${MAPS}/a`, APPLIED, APPLY_PATCH], [422, 'Invalid', /fieldManager: Required/]],
  [
    'an apply of no kind',
    ['PATCH', `${MAPS}/a?fieldManager=m`, { metadata: { name: 'a' } }, APPLY_PATCH],
    [400, 'BadRequest', /^invalid object type: \/, Kind=$/],
  ],
  [
    'an apply with managedFields',
    ['PATCH', `${MAPS}/a?fieldManager=m`, { ...APPLIED, metadata: { managedFields: [] } }, APPLY_PATCH],
    [400, 'BadRequest', /^metadata.managedFields must be nil$/],
  ],
];

const DELETE: readonly Case[] = [
  [
    'an unknown propagation policy',
    ['DELETE', `${MAPS}/a?propagationPolicy=Foo`],
    [422, 'Invalid', /^DeleteOptions.meta.k8s.io "" is invalid: propagationPolicy: Unsupported value: "Foo"/],
  ],
  [
    'two words about dependents',
    ['DELETE', `${MAPS}/a`, { propagationPolicy: 'Background', orphanDependents: true }],
    [422, 'Invalid', /orphanDependents and deletionPropagation cannot be both set/],
  ],
  ['another kind in the body', ['DELETE', `${MAPS}/a`, { kind: 'Foo', apiVersion: 'v1' }], [500, undefined, /"Foo"/]],
];

test.each([...CREATE, ...READ, ...PATCH, ...DELETE])('%s is refused', async (_what, request, answer) => {
  const [method, path, body, headers] = request;
  const [status, reason, message] = answer;
  const reply = await api.request(method, path, { body, ...(headers === undefined ? {} : { headers }) });
  expect(reply).toMatchObject({ status, body: { kind: 'Status', message: expect.stringMatching(message) } });
  expect(reply.body.reason).toBe(reason);
  expect((await api.get(`${MAPS}/a`)).body.data).toEqual({ x: '1' });
});

test('what waits for its finalizers takes no new ones', async () => {
  await api.patch(`${MAPS}/a`, { metadata: { finalizers: ['example.com/one'] } }, MERGE_PATCH);
  await api.remove(`${MAPS}/a`);
  const finalizers = ['example.com/one', 'example.com/two'];
  const reply = await api.patch(`${MAPS}/a`, { metadata: { finalizers } }, MERGE_PATCH);
  expect(reply.status).toBe(422);
  expect(reply.body.message).toMatch(/found new finalizers \[\]string\{"example.com\/two"\}$/);
});

test('a deleted Service is answered whole', async () => {
  await api.post(`${NS}/services`, { metadata: { name: 's' }, spec: { ports: [{ port: 80 }] } });
  expect((await api.remove(`${NS}/services/s`)).body.kind).toBe('Service');
});

test('a version of the future may be asked for again after a second', async () => {
  const { headers } = await api.get(`${MAPS}?resourceVersion=999`);
  expect(headers['retry-after']).toBe('1');
});
