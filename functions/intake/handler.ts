// From an event to a request on somebody's behalf; or from a timer, or a hint that something was queued, to all queues.
import type { CloudEventV1 } from 'cloudevents';
import { poison, readCarried, REQUEST } from '../../lib/carried';
import { globMatcher } from '../../lib/glob';
import type { OnEvent } from '../../lib/http/route';
import { createLatest } from '../../lib/latest';
import { shortHash } from '../../lib/naming';
import type { Context } from './context';
import { deliveryOf } from './delivery';
import { drainAll } from './queue/drainAll';
import { readData } from './message';
import { unavailable } from './outcome';
import { readAskedOf } from './readAsked';

/** Something was pushed to a list: look now, and not when the timer comes. Carries nothing. */
export const QUEUED = 'hub-functions.queued.v1';

export function createHandler(context: Context): OnEvent {
  const latest = createLatest();
  return async (event, { signal }) => {
    if (event?.type === REQUEST) return handOn(context, event, signal);
    // The empty POST of OpenFaaS's cron-connector is no event.
    if (event !== undefined && event.type !== QUEUED && readCarried(event, context.settings) !== 'timer') {
      throw poison('unknown_event', 'Events of this type mean nothing here.');
    }
    await latest('queues', async () => drainAll(context));
    return undefined;
  };
}

async function handOn(context: Context, event: CloudEventV1<unknown>, signal: AbortSignal): Promise<undefined> {
  const { settings, secrets, clock, log, counters } = context;
  const channel = settings.intake.events.find(({ source }) => globMatcher([source])(event.source));
  if (channel === undefined) throw poison('unknown_source', 'The source of the event is not known here.');
  const from = { channelName: channel.name, channel };
  const proven = await readAskedOf(secrets, readData(event.data), { ...from, at: clock() });
  // Source and id are what makes an event: another delivery of it is the same request.
  const messageId = `event-${shortHash(channel.name, event.source, event.id)}`;
  const delivery = await deliveryOf({ ...proven, ...from, messageId }, context.rules);
  const outcome = await context.jobs.deliver(delivery, signal);
  if (outcome.is === 'refused') throw poison('refused', outcome.reason);
  if (outcome.is !== 'done') throw unavailable('The jobs function does not answer.', new Error(outcome.reason));
  counters.add('events');
  log.info('an event is done', { channel: channel.name, job: delivery.job });
  return undefined;
}
