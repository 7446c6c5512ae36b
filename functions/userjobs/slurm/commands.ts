// The commands that are run on a host, word by word. Pure.
import { FIELD_NAMES, FIELDS } from './fields';
import type { JobFields } from './schema';

export interface Slurm {
  /** Folder of its programs; absent: where PATH has them. */
  readonly bin?: string | undefined;
}

export function submitCommand(slurm: Slurm, name: string, fields: JobFields): readonly string[] {
  const options = FIELD_NAMES.flatMap((field) => {
    const value = fields[field];
    return value === undefined ? [] : [`--${FIELDS[field].option}=${value}`];
  });
  return [program(slurm, 'sbatch'), '--parsable', `--job-name=${name}`, ...options];
}

/** Ends nothing that has ended; fails only when Slurm cannot be asked, or does not know the job any more. */
export function cancelCommand(slurm: Slurm, id: number): readonly string[] {
  return [program(slurm, 'scancel'), String(id)];
}

export function lookCommand(slurm: Slurm, id: number): readonly string[] {
  return [program(slurm, 'squeue'), '--noheader', '--states=all', `--jobs=${id}`, '--format=%T:%B:%u:%r:%j'];
}

/** Its exit code, which squeue does not tell. */
export function exitCommand(slurm: Slurm, id: number): readonly string[] {
  return [program(slurm, 'scontrol'), '--oneliner', 'show', 'job', String(id)];
}

/** What was submitted under a name, also when nobody heard of its number. */
export function findCommand(slurm: Slurm, name: string): readonly string[] {
  return [program(slurm, 'squeue'), '--noheader', '--states=all', `--name=${name}`, '--format=%i'];
}

/** The same for what squeue has forgotten; only where jobs are accounted. */
export function findOldCommand(slurm: Slurm, name: string): readonly string[] {
  const since = '--starttime=now-7days';
  return [
    program(slurm, 'sacct'),
    '--noheader',
    '--allocations',
    '--parsable2',
    since,
    `--name=${name}`,
    '--format=JobID',
  ];
}

function program({ bin }: Slurm, name: string): string {
  return bin === undefined ? name : `${bin.replace(/\/+$/, '')}/${name}`;
}
