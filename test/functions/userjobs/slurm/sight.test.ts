// What is read from the words of Slurm's commands, also when a job's owner has chosen them.
import {
  isEnded,
  isRunning,
  readExit,
  readNumbers,
  readSqueue,
  readSubmitted,
} from '../../../../functions/userjobs/slurm/sight';

test.each([
  ['PENDING:n/a:alice:Resources:train\n', { state: 'PENDING', reason: 'Resources' }],
  ['RUNNING:node1:alice:None:train\n', { state: 'RUNNING', node: 'node1' }],
  ['COMPLETED:node1:alice:None:train', { state: 'COMPLETED', node: 'node1' }],
  [
    'PENDING:n/a:alice:Nodes required for job are DOWN: reserved, or so:train',
    { state: 'PENDING', reason: 'Nodes required for job are DOWN: reserved, or so' },
  ],
  ['RUNNING:node1:alice:None:train\nPENDING:n/a:alice:None:train\n', { state: 'RUNNING', node: 'node1' }],
  ['', undefined],
  ['slurm_load_jobs error: something', undefined],
])('%j is %j', (output, expected) => expect(readSqueue(output)?.sight).toEqual(expected));

test('whose job it is, and what it is called, is told apart from how it is', () => {
  expect(readSqueue('RUNNING:node1:alice:None:userjob-lab1')).toMatchObject({ user: 'alice', name: 'userjob-lab1' });
  expect(readSqueue('PENDING:n/a:alice:held: by him:userjob-lab1')?.name).toBe('userjob-lab1');
});

test.each([
  ['17\n', 17],
  ['17;cluster\n', 17],
  ['sbatch: a note\n18\n', 18],
  ['', undefined],
  ['Submitted batch job 17', undefined],
  ['17 18', undefined],
])('sbatch says %j: job %s', (output, expected) => expect(readSubmitted(output)).toBe(expected));

test('numbers are read line by line, and nothing else', () => {
  expect(readNumbers('17\n18\n17_1\nx 19\n\n')).toEqual([17, 18]);
});

test('an exit code is read where it is, if it is', () => {
  expect(readExit('JobId=1 JobName=a JobState=FAILED ExitCode=3:0 RunTime=0')).toEqual({ exitCode: 3 });
  expect(readExit('JobId=1')).toBeUndefined();
});

test('only a running job is reached, and only an ended one is over', () => {
  const states = [
    'PENDING',
    'CONFIGURING',
    'RUNNING',
    'COMPLETING',
    'SUSPENDED',
    'COMPLETED',
    'CANCELLED',
    'TIMEOUT',
    'UNREADABLE',
  ];
  expect(states.filter((state) => isRunning({ state }))).toEqual(['RUNNING']);
  expect(states.filter((state) => isEnded({ state }))).toEqual(['COMPLETED', 'CANCELLED', 'TIMEOUT']);
});
