// Empties one queue: several messages at once, first those that somebody took and did not end, each user's list in turn.
import { AppError } from '../../../lib/errors';
import type { Channel } from '../configFile';
import type { Context } from '../context';
import { deliveryOf, type Delivery } from '../delivery';
import { readText } from '../message';
import type { Outcome } from '../outcome';
import { readAskedOf } from '../readAsked';
import type { Leased, Queue } from './queue';
import { unfit, verdictOn } from './verdict';

export interface Drained {
  readonly queue: Queue;
  readonly name: string;
  readonly channel: Channel;
  /** Nothing more is taken then; what is under way is ended. */
  readonly until: AbortSignal;
}

export interface Tally {
  readonly done: number;
  readonly dead: number;
  readonly postponed: number;
  readonly retaken: number;
  /** Somebody else had taken the message over meanwhile. */
  readonly late: number;
}

type Count = { -readonly [Name in keyof Tally]: Tally[Name] };

interface Source {
  readonly next: () => Promise<Leased | undefined>;
  readonly stop: () => void;
}

/** All that was there, or until somebody who is needed does not answer. */
export async function drain(context: Context, drained: Drained): Promise<Tally> {
  const count: Count = { done: 0, dead: 0, postponed: 0, retaken: 0, late: 0 };
  const source = await openSource(drained, count);
  const worker = async (): Promise<void> => {
    for (;;) {
      const message = await source.next();
      if (message === undefined) return;
      const outcome = await attempt(context, drained, message);
      if (outcome.is === 'unavailable') source.stop();
      await settle(context, { drained, message, outcome, count });
    }
  };
  await Promise.all(Array.from({ length: context.settings.intake.atOnce }, worker));
  return count;
}

async function openSource({ queue, channel, until }: Drained, count: Count): Promise<Source> {
  const taken = [...(await queue.taken())];
  const lists = ['', ...(channel.identity === 'list' ? await queue.users() : [])];
  let isStopped = false;
  const mayGoOn = (): boolean => !isStopped && !until.aborted;
  const retake = async (): Promise<Leased | undefined> => {
    for (let id = taken.shift(); id !== undefined && mayGoOn(); id = taken.shift()) {
      const message = await queue.retake(id);
      if (message !== undefined) return message;
    }
    return undefined;
  };
  const takeInTurn = async (): Promise<Leased | undefined> => {
    for (let user = lists.shift(); user !== undefined && mayGoOn(); user = lists.shift()) {
      // Behind the others, and before its answer: others may take from it at the same time.
      lists.push(user);
      const message = await queue.take(user);
      if (message !== undefined) return message;
      const at = lists.indexOf(user);
      if (at !== -1) lists.splice(at, 1);
    }
    return undefined;
  };
  return {
    stop: () => void (isStopped = true),
    next: async () => {
      const message = await retake();
      if (message !== undefined) count.retaken += 1;
      return message ?? (await takeInTurn());
    },
  };
}

interface Done {
  readonly is: 'done';
  readonly delivery: Delivery;
}

type Attempt = Done | Exclude<Outcome, { readonly is: 'done' }>;

async function attempt(context: Context, { name, channel }: Drained, message: Leased): Promise<Attempt> {
  const { intake, maxBytes } = context.settings;
  const reason = unfit(message, { maxBytes, attempts: intake.attempts });
  if (reason !== undefined) return { is: 'refused', reason };
  try {
    const at = new Date(message.takenAt);
    const from = { channelName: name, channel };
    const proven = await readAskedOf(context.secrets, readText(message.body), { ...from, at });
    const received = { ...proven, ...from, messageId: message.id };
    const listUser = message.listUser === '' ? undefined : message.listUser;
    const delivery = await deliveryOf({ ...received, listUser }, context.rules);
    // What has begun is ended, even when no more is taken.
    const outcome = await context.jobs.deliver(delivery, AbortSignal.timeout(context.settings.deliveryMs));
    return outcome.is === 'done' ? { is: 'done', delivery } : outcome;
  } catch (error) {
    if (error instanceof AppError && error.status === 400)
      return { is: 'refused', reason: `${error.code}: ${error.message}` };
    context.log.error('a message could not be tried', { queue: name, message: message.id, error });
    return { is: 'unready', reason: 'this function is not set up for it' };
  }
}

interface Tried {
  readonly drained: Drained;
  readonly message: Leased;
  readonly outcome: Attempt;
  readonly count: Count;
}

async function settle({ settings, clock, log }: Context, { drained, message, outcome, count }: Tried): Promise<void> {
  const { queue, name } = drained;
  const { id, listUser, attempts, takenAt } = message;
  const verdict = verdictOn(outcome, attempts, settings.intake.attempts);
  const fields = { queue: name, message: id, attempts };
  const entry = { id, at: clock().toISOString(), attempts, ...(listUser !== '' && { user: listUser }) };
  const held = async (isHeld: Promise<boolean>, counter: 'done' | 'dead' | 'postponed'): Promise<void> => {
    count[(await isHeld) ? counter : 'late'] += 1;
  };
  if (verdict.do === 'postpone') {
    log.warn('a message has to wait', { ...fields, reason: 'reason' in outcome ? outcome.reason : '', ms: verdict.ms });
    return held(queue.postpone(message, verdict), 'postponed');
  }
  if (verdict.do === 'bury') {
    log.warn('a message is dead', { ...fields, reason: verdict.reason });
    return held(queue.bury(message, { ...entry, takenAt, reason: verdict.reason, body: message.body }), 'dead');
  }
  const job = outcome.is === 'done' ? outcome.delivery.job : undefined;
  log.info('a message is done', { ...fields, job });
  return held(queue.done(message, { ...entry, job }), 'done');
}
