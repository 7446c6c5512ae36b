// The words of each command on a host: the caller's text is in none of them.
import { cancelCommand, findCommand, lookCommand, submitCommand } from '../../../../functions/userjobs/slurm/commands';

test('a job is submitted with its fields as options; its script is read from the input', () => {
  expect(submitCommand({}, 'userjob-lab1-1', { partition: 'devel', cpus_per_task: '4', time: '1-00' })).toEqual([
    'sbatch',
    '--parsable',
    '--job-name=userjob-lab1-1',
    '--partition=devel',
    '--cpus-per-task=4',
    '--time=1-00',
  ]);
});

test('the programs are taken from where the configuration says', () => {
  const slurm = { bin: '/opt/slurm/bin/' };
  const commands = [
    submitCommand(slurm, 'x', {}),
    cancelCommand(slurm, 1),
    lookCommand(slurm, 1),
    findCommand(slurm, 'x'),
  ];
  expect(commands.map(([program]) => program)).toEqual(
    ['sbatch', 'scancel', 'squeue', 'squeue'].map((name) => `/opt/slurm/bin/${name}`),
  );
});
