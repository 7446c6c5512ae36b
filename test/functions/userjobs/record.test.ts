// Whose a job in Slurm is, as its name alone tells: all credentials submit as one user.
import { isOfAnother, slurmName, type UserJobRecord } from '../../../functions/userjobs/record';

const named = (credential: string): string =>
  slurmName({ name: 'userjob-lab1-0123456789ab', uid: '89abcdef-0000', record: { credential } as UserJobRecord });

test('a job is told from that of another credential by its name', () => {
  expect(isOfAnother('hub-a', named('hub-b'))).toBe(true);
  expect(isOfAnother('hub-a', named('hub-a'))).toBe(false);
});

test.each(['', 'train', 'userjob-of-mine', 'userjob-lab1-0123456789ab-89abcdef'])('%j is of no credential', (name) => {
  expect(isOfAnother('hub-a', name)).toBe(false);
});
