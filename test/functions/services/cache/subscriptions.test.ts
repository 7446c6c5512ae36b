// A follower hears once at the beginning, and then of each change of its group, however many come while it is busy.
import { createSubscriptions } from '../../../../functions/services/cache/subscriptions';

it('tells of changes of the group, and ends with the signal', async () => {
  const { tell, follow } = createSubscriptions();
  const controller = new AbortController();
  const changes = follow('mine', controller.signal)[Symbol.asyncIterator]();
  expect((await changes.next()).done).toBe(false);
  tell('mine');
  tell('mine');
  expect((await changes.next()).done).toBe(false);
  const next = changes.next();
  tell('another');
  await new Promise(setImmediate);
  controller.abort();
  expect((await next).done).toBe(true);
});

it('forgets a follower that never comes back', async () => {
  const listeners = new Map<string, Set<() => void>>();
  const { follow } = createSubscriptions(listeners);
  const controller = new AbortController();
  await follow('mine', controller.signal)[Symbol.asyncIterator]().next();
  expect(listeners.size).toBe(1);
  controller.abort();
  expect(listeners.size).toBe(0);
});

it('wakes all who wait for a group', async () => {
  const { tell, follow } = createSubscriptions();
  const { signal } = new AbortController();
  const followers = [follow('g', signal), follow('g', signal)].map((changes) => changes[Symbol.asyncIterator]());
  await Promise.all(followers.map(async (changes) => changes.next()));
  const waiting = Promise.all(followers.map(async (changes) => changes.next()));
  tell('g');
  expect((await waiting).map(({ done }) => done)).toEqual([false, false]);
});
