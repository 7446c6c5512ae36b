// Empties all queues, one after the other, within the time that a call may take; the next call goes on.
import { AppError } from '../../../lib/errors';
import { tryEach } from '../../../lib/tryEach';
import type { Context } from '../context';
import { drain, type Tally } from './drain';
import { openQueue } from './queue';
import { openRedis, type Redis } from './redis';

export async function drainAll(context: Context): Promise<void> {
  const { settings } = context;
  const { redis: url, queues } = settings.intake;
  if (url === undefined || Object.keys(queues).length === 0) return;
  const redis = await openRedis({ url, silenceMs: settings.silenceMs }, context.secrets);
  try {
    await drainEach(context, redis);
  } finally {
    redis.close();
  }
}

async function drainEach(context: Context, redis: Redis): Promise<void> {
  const { settings, clock, log, counters } = context;
  const { queues, leaseSeconds } = settings.intake;
  const until = AbortSignal.timeout(settings.takingMs);
  let postponed = 0;
  const failures = await tryEach(Object.entries(queues), 1, async ([name, channel]) => {
    const queue = openQueue({ redis, name, leaseMs: leaseSeconds * 1000, maxBytes: settings.maxBytes, clock });
    const tally = await drain(context, { queue, name, channel, until });
    for (const [counter, count] of Object.entries(tally)) counters.add(counter as keyof Tally, count);
    if (Object.values(tally).some((count) => count > 0)) log.info('a queue was emptied', { queue: name, ...tally });
    postponed += tally.postponed;
  });
  for (const { item, error } of failures) log.error('a queue could not be emptied', { queue: item[0], error });
  if (failures.length === 0 && postponed === 0) return;
  const detail = `${failures.length} queues could not be emptied, ${postponed} messages wait.`;
  throw new AppError('queues_left', 503, detail, { retryAfterSeconds: 10 });
}
