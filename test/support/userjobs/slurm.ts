// A real Slurm of one node, which is this machine: munge, slurmctld and slurmd (Debian's packages), each with its configuration in a
// folder of its own, ended by pid.
import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { eventually } from '../eventually';
import { freePort } from './freePort';

export interface Slurm {
  /** What its commands want of their environment. */
  readonly environment: { readonly SLURM_CONF: string };
  /** The name of its node. */
  readonly node: string;
  /** `JOBID STATE NAME` of every job that it knows. */
  readonly jobs: () => Promise<readonly { readonly id: number; readonly state: string; readonly name: string }[]>;
  /** What a command of it prints. */
  readonly run: (program: string, args: readonly string[]) => Promise<string>;
  readonly close: () => Promise<void>;
}

const call = promisify(execFile);
/** Its name as others find it: nodes are reached by it. */
const NODE = hostname().split('.')[0] ?? 'localhost';

export async function startSlurm(): Promise<Slurm> {
  const folder = mkdtempSync(join(tmpdir(), 'hub-functions-slurm-'));
  for (const name of ['state', 'spool', 'work']) mkdirSync(join(folder, name));
  const at = (name: string): string => join(folder, name);
  writeFileSync(at('munge.key'), randomBytes(128), { mode: 0o600 });
  writeFileSync(at('slurm.conf'), configuration(folder, { controller: await freePort(), node: await freePort() }));
  const environment = { SLURM_CONF: at('slurm.conf') };
  const running: ChildProcess[] = [];
  const start = (program: string, args: readonly string[]): void => {
    const log = openSync(at(`${program}.log`), 'a');
    running.push(
      spawn(`/usr/sbin/${program}`, args, { env: { ...process.env, ...environment }, stdio: ['ignore', log, log] }),
    );
  };
  const run: Slurm['run'] = async (program, args) =>
    (await call(program, args, { env: { ...process.env, ...environment } })).stdout;
  const files = Object.entries({ 'key-file': 'munge.key', socket: 'munge.sock', 'pid-file': 'munged.pid' });
  const others = Object.entries({ 'log-file': 'munged.log', 'seed-file': 'munged.seed' });
  start('munged', ['--foreground', '--force', ...[...files, ...others].map(([name, file]) => `--${name}=${at(file)}`)]);
  await eventually(async () => run('munge', ['--no-input', `--socket=${at('munge.sock')}`]), 10);
  start('slurmctld', ['-D']);
  start('slurmd', ['-D', '-N', NODE]);
  await eventually(async () => ((await run('sinfo', ['-h', '-o', '%t'])).trim() === 'idle' ? true : undefined), 30);
  return {
    environment,
    node: NODE,
    run,
    jobs: async () => {
      const lines = (await run('squeue', ['-h', '-t', 'all', '-o', '%i %T %j'])).trim().split('\n').filter(Boolean);
      return lines.map((line) => {
        const [id, state = '', name = ''] = line.split(' ');
        return { id: Number(id), state, name };
      });
    },
    close: async () => {
      await run('scancel', ['--full', `--user=${process.env['USER'] ?? 'root'}`]).catch(() => undefined);
      for (const child of running.toReversed()) await end(child);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  child.kill('SIGTERM');
  const late = setTimeout(() => child.kill('SIGKILL'), 10_000);
  await exited;
  clearTimeout(late);
}

function configuration(folder: string, ports: { readonly controller: number; readonly node: number }): string {
  return `
ClusterName=test
SlurmctldHost=${NODE}(127.0.0.1)
SlurmUser=root
SlurmctldPort=${ports.controller}
SlurmdPort=${ports.node}
AuthType=auth/munge
AuthInfo=socket=${folder}/munge.sock
StateSaveLocation=${folder}/state
SlurmdSpoolDir=${folder}/spool
SlurmctldPidFile=${folder}/slurmctld.pid
SlurmdPidFile=${folder}/slurmd.pid
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SchedulerType=sched/builtin
SchedulerParameters=batch_sched_delay=0,sched_min_interval=0
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
ReturnToService=2
MpiDefault=none
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
KillWait=2
NodeName=${NODE} NodeAddr=127.0.0.1 CPUs=2 State=UNKNOWN
PartitionName=devel Nodes=${NODE} Default=YES MaxTime=60 State=UP
PartitionName=closed Nodes=${NODE} MaxTime=60 State=DOWN
`;
}
