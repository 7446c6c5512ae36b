import { diagnose } from '../../../lib/status/diagnosis';
import type { Observed } from '../../../lib/status/observed';
import { policySettings } from '../../../lib/status/policy';
import { containerCases } from './cases/containers';
import { imageCases } from './cases/image';
import { lifeCases } from './cases/life';
import { lostPodCases } from './cases/lostPods';
import { placementCases } from './cases/placement';
import { restoreCases } from './cases/restores';
import type { Case } from './fixtures';
import { at } from './fixtures';

const cases: readonly Case[] = [
  ...imageCases,
  ...containerCases,
  ...placementCases,
  ...restoreCases,
  ...lifeCases,
  ...lostPodCases,
];
const policyOf = ({ policy = {} }: Case) => policySettings.parse(policy);
const timeOf = (seconds: number) => new Date(at(seconds));
const judge = (sample: Case, seconds = sample.at, seen: Observed = sample.seen) =>
  diagnose(seen, policyOf(sample), timeOf(seconds));

describe('diagnose', () => {
  test.each(cases.map((sample) => [sample.it, sample] as const))('%s', (_, sample) => {
    const verdict = judge(sample);
    expect(`${verdict.phase} ${verdict.reason ?? '-'}`).toBe(sample.says);
    expect(verdict).toMatchObject(sample.more ?? {});
    expect(verdict.final).toBe(verdict.phase === 'failed' || verdict.phase === 'stopped');
  });

  test.each(cases.map((sample) => [sample.it, sample] as const))(
    'whatever the order of what is seen: %s',
    (_, sample) => {
      const { pods, events } = sample.seen;
      for (const seed of [1, 2, 3]) {
        const mixed = { ...sample.seen, pods: shuffle(pods, seed), events: shuffle(events, seed) };
        expect(judge(sample, sample.at, mixed)).toEqual(judge(sample));
      }
    },
  );

  test.each(cases.map((sample) => [sample.it, sample] as const))(
    'a final verdict stays what it is: %s',
    (_, sample) => {
      const times = [0, 1, 2, 5, 10, 20, 30, 60, 90, 120, 240, 300, 420, 600, 601, 900, 1200, 5000, 1e5, 1e6, 1e7];
      const verdicts = times.map((seconds) => judge(sample, seconds));
      const final = verdicts.findIndex((verdict) => verdict.final);
      for (const verdict of final < 0 ? [] : verdicts.slice(final)) expect(verdict).toEqual(verdicts[final]);
    },
  );

  test.each(cases.map((sample) => [sample.it, sample] as const))(
    'finalAt is the moment it becomes final: %s',
    (_, sample) => {
      const { finalAt } = judge(sample);
      if (finalAt === undefined) return;
      const moment = new Date(finalAt);
      expect(diagnose(sample.seen, policyOf(sample), moment).final).toBe(true);
      expect(diagnose(sample.seen, policyOf(sample), new Date(moment.getTime() - 1)).final).toBe(false);
    },
  );

  test('every message is plain, complete and says no undefined', () => {
    for (const sample of cases)
      expect(judge(sample).message).toMatch(/^(?!.*(undefined|null|NaN|\.\.? \.)).{10,800}\.$/);
  });

  test('an answer in seconds for what is hopeless', () => {
    const hopeless = cases.filter(({ says, at: seconds }) => says.startsWith('failed') && seconds <= 30);
    expect(hopeless.length).toBeGreaterThan(10);
  });
});

function shuffle<T>(items: readonly T[], seed: number): readonly T[] {
  return items
    .map((item, index) => ({ item, key: Math.sin((index + 1) * 12.9898 * seed) }))
    .sort((a, b) => a.key - b.key)
    .map(({ item }) => item);
}
