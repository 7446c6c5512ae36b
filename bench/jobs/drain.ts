// A queue in Redis is emptied into jobs, against as many POST /jobs that each have a key, by as many clients at once.
import { randomUUID } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { redisPassword, startRedis, type RedisServer } from '../../test/support/intake/redisServer';
import type { Bed } from '../instruments/bed';
import { READINESS } from '../instruments/bed';
import { openClient } from '../instruments/client';
import { handOut, many } from '../instruments/handOut';
import { inImage } from '../instruments/image';
import { interleave, timed, type Side } from '../instruments/interleave';
import { withJobs, type JobsFunction } from '../instruments/jobsFunction';
import type { Measurement } from '../instruments/measurement';
import { WAITING_JOB } from '../instruments/rawJob';
import { removeJobs } from '../instruments/removeJobs';
import { compared, quantile } from '../instruments/statistics';

const MESSAGES = 300;
const AT_ONCE = 16;
/** This limit is our own. */
const AT_MOST = 1.5;
const WARM_UP = 3;
const PING = { 'ce-specversion': '1.0', 'ce-id': '1', 'ce-type': 'dev.knative.sources.ping' };
const SOURCE = { 'ce-source': '/apis/v1/namespaces/bench/pingsources/intake' };

export const drain: Measurement = {
  name: 'drain',
  summary: `${MESSAGES} messages of a queue become jobs, against as many POST /jobs`,
  needsRedis: true,
  measure: async (bed) => {
    const redis = await startRedis();
    try {
      const { ours, floor } = await withJobs(bed, async (jobs) => measured(bed, jobs, redis));
      const rate = (samples: readonly number[]): string => ((MESSAGES * 1000) / quantile(samples, 0.5)).toFixed(0);
      return [
        {
          name: 'drain',
          ...compared(ours, floor, 'ms'),
          limit: { of: 'ratio', atMost: AT_MOST },
          note: `${MESSAGES} messages, ${AT_ONCE} at once: ${rate(ours.flat())} jobs/s; peer: POST /jobs with an Idempotency-Key by ${AT_ONCE} clients, ${rate(floor.flat())} jobs/s`,
        },
      ];
    } finally {
      await redis.stop();
    }
  },
};

async function measured(bed: Bed, jobs: JobsFunction, redis: RedisServer) {
  const environment = { ...bed.environment, ...files(bed, redis), ...bed.api.environment, JOBS_URL: jobs.url };
  const intake = await bed.launch({ path: READINESS, args: inImage('intake'), environment });
  const client = openClient({ url: intake.url, headers: { ...PING, ...SOURCE } });
  const user = await redis.as();
  const callers = many(AT_ONCE, jobs.client);
  const thenRemoved = async (work: () => Promise<unknown>): Promise<number> => {
    const took = await timed(work);
    await removeJobs(bed);
    return took;
  };
  const ours: Side = async () => {
    await user.send('LPUSH', 'bench', ...many(MESSAGES, () => JSON.stringify({ request: WAITING_JOB })));
    const took = await thenRemoved(async () => client.expect('POST', '/'));
    if ((await user.send('LLEN', 'bench')) !== 0) throw new Error('the queue was not emptied in one call');
    return took;
  };
  const floor: Side = async () =>
    thenRemoved(async () =>
      handOut(
        callers,
        many(MESSAGES, () => randomUUID()),
        async (caller, key) =>
          caller.expect('POST', '/jobs', { body: WAITING_JOB, headers: { 'idempotency-key': key } }),
      ),
    );
  try {
    return await interleave({ ours, floor }, { rounds: 3, turns: 2, warmUp: WARM_UP, seconds: 240 });
  } finally {
    client.close();
    user.close();
    await intake.stop();
  }
}

function files(bed: Bed, redis: RedisServer): Readonly<Record<string, string>> {
  const secrets = join(bed.folder, 'intake');
  mkdirSync(secrets);
  writeFileSync(join(secrets, 'redis-password'), redisPassword('default'));
  writeFileSync(join(secrets, 'token.hub'), bed.logins.token.replace('Token ', ''));
  const queues = { bench: { credential: 'hub', takes: ['request'] } };
  const config = join(bed.folder, 'intake.json');
  writeFileSync(config, JSON.stringify({ intake: { redis: redis.url, queues, atOnce: AT_ONCE } }));
  return { CONFIG_PATH: config, INTAKE_SECRETS: secrets };
}
