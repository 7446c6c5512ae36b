// Requests that come through the broker and from a real Redis, to a function that starts from zero and has no rights of its own.
import type { KubeObject } from '../../lib/kube/objects';
import { tokenOf } from '../support/credentialFiles';
import { eventually } from '../support/eventually';
import { NODE_ADDRESS } from '../support/hubStub';
import {
  INTAKE_USER,
  redisPassword,
  startRedis,
  type RedisServer,
  type RedisUser,
} from '../support/intake/redisServer';
import { JOB_DEFAULTS } from '../support/jobs';
import { install, type Installation } from '../support/knative/installation';
import { HUB } from '../support/knative/overlay';
import { publish } from '../support/knative/publish';

const DEAD_LETTERS = 'hub-functions/kind=dead-letter';
const REQUEST = 'hub-functions.request.v1';
const QUEUED = 'hub-functions.queued.v1';
const CHANNEL = { credential: HUB, takes: ['request'] };

let redis: RedisServer;
let user: RedisUser;
let installation: Installation;

beforeAll(async () => {
  redis = await startRedis([], NODE_ADDRESS);
  user = await redis.as();
  const events = [{ ...CHANNEL, name: 'inside', source: '/inside', identity: 'trusted' }];
  const intake = { redis: redis.url, queues: { work: CHANNEL }, events };
  const login = { 'redis-username': INTAKE_USER, 'redis-password': redisPassword(INTAKE_USER) };
  installation = await install({
    config: { jobs: { defaults: JOB_DEFAULTS }, intake },
    secrets: { 'hub-functions-intake': { [`token.${HUB}`]: tokenOf(HUB), ...login } },
  });
});

afterAll(async () => {
  await installation?.close();
  user?.close();
  await redis?.stop();
});

function waiting(test: string): { readonly request: object } {
  return { request: { cmd: 'true', nodeSelector: { nowhere: 'at-all' }, labels: { test } } };
}

async function untilJobs(test: string, count: number): Promise<readonly KubeObject[]> {
  return eventually(async () => {
    const found = await installation.kube.list('jobs', `test=${test}`);
    if (found.length === count) return found;
    throw new Error(`there are ${found.length}`);
  }, 120);
}

it('a request that comes through the broker becomes a job', async () => {
  await publish(installation, { id: '1', source: '/inside', type: REQUEST }, JSON.stringify(waiting('event')));

  expect(await untilJobs('event', 1)).toHaveLength(1);
});

it('what is pushed to Redis becomes jobs as soon as somebody tells of it', async () => {
  const messages = Array.from({ length: 20 }, () => JSON.stringify(waiting('queue')));
  await user.send('LPUSH', 'work', ...messages);
  await publish(installation, { id: '2', source: '/anybody', type: QUEUED }, '{}');

  await untilJobs('queue', 20);
  expect(await user.send('LLEN', 'work:processing')).toBe(0);
});

it('a request from where nobody is known ends with the dead letters', async () => {
  await publish(installation, { id: '3', source: '/nowhere', type: REQUEST }, JSON.stringify(waiting('dead')));

  const [letter] = await eventually(async () => {
    const found = await installation.kube.list('configmaps', DEAD_LETTERS);
    return found.length > 0 ? found : undefined;
  }, 90);
  expect(letter).toMatchObject({ data: { source: '/nowhere', type: REQUEST, status: '400' } });
});
