// What a request may say about a Slurm job: each field with the option of sbatch that it becomes, and what it may look like. Pure.
// A shell on the host reads the options: no pattern here lets anything through that means something to one.

interface Field {
  readonly option: string;
  readonly pattern: RegExp;
}

const NAME = /^[A-Za-z0-9][A-Za-z0-9_.@-]{0,63}$/;
const COUNT = /^[1-9]\d{0,5}$/;
/** Minutes, `hours:minutes:seconds`, `days-hours`: https://slurm.schedmd.com/sbatch.html#OPT_time */
const TIME = /^(\d{1,5}|\d{1,4}:\d{2}|\d{1,4}:\d{2}:\d{2}|\d{1,3}-\d{1,2}(:\d{2}){0,2})$/;
const PATH = /^(?!.*\/\.\.(\/|$))\/[A-Za-z0-9_./%-]{0,254}$/;

export const FIELDS = {
  partition: { option: 'partition', pattern: NAME },
  account: { option: 'account', pattern: NAME },
  qos: { option: 'qos', pattern: NAME },
  reservation: { option: 'reservation', pattern: NAME },
  constraint: { option: 'constraint', pattern: NAME },
  nodes: { option: 'nodes', pattern: COUNT },
  ntasks: { option: 'ntasks', pattern: COUNT },
  cpus_per_task: { option: 'cpus-per-task', pattern: COUNT },
  mem: { option: 'mem', pattern: /^\d{1,8}[KMGT]?$/ },
  gpus: { option: 'gpus', pattern: COUNT },
  gres: { option: 'gres', pattern: /^[A-Za-z0-9_]+(:[A-Za-z0-9_]+){0,2}$/ },
  time: { option: 'time', pattern: TIME },
  chdir: { option: 'chdir', pattern: PATH },
  output: { option: 'output', pattern: PATH },
} as const satisfies Readonly<Record<string, Field>>;

export type FieldName = keyof typeof FIELDS;

export const FIELD_NAMES = Object.keys(FIELDS) as [FieldName, ...FieldName[]];
